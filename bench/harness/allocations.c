/* Counts the allocations of the process that it is preloaded into, and says how many there were at
 * each SIGUSR1: one line with the number of allocations and of bytes asked for, appended to the file
 * that ALLOCATIONS_FILE names.
 *
 * With ALLOCATIONS_STACKS it also takes the stack of each one between the first two signals, and
 * writes them to that file: one line for each different stack, the count and then the addresses, the
 * nearest first. `/proc/self/maps` is appended, to tell what the addresses are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own, which need no look-up that might allocate. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong allocations, bytes;
static int output = -1;

enum { DEPTH = 40, SLOTS = 1 << 16, SKIPPED = 2 };
struct stack {
  unsigned long count;
  int depth;
  void *frames[DEPTH];
};
static struct stack *stacks;
static const char *stacks_file;
static atomic_int is_taking;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static __thread int is_inside;

__attribute__((noinline)) static void take_stack(void) {
  void *frames[DEPTH + SKIPPED];
  is_inside = 1;
  int depth = backtrace(frames, DEPTH + SKIPPED) - SKIPPED;
  is_inside = 0;
  if (depth <= 0) return;
  uint64_t hash = 14695981039346656037u;
  for (int i = 0; i < depth; i++) hash = (hash ^ (uintptr_t)frames[SKIPPED + i]) * 1099511628211u;
  while (atomic_flag_test_and_set(&lock)) {
  }
  for (int probe = 0; probe < SLOTS; probe++) {
    struct stack *slot = &stacks[(hash + probe) % SLOTS];
    if (slot->count == 0) {
      slot->depth = depth;
      memcpy(slot->frames, frames + SKIPPED, depth * sizeof(void *));
    }
    if (slot->depth == depth && !memcmp(slot->frames, frames + SKIPPED, depth * sizeof(void *))) {
      slot->count++;
      break;
    }
  }
  atomic_flag_clear(&lock);
}

static inline void count(size_t size) {
  if (is_inside) return;
  atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
  if (atomic_load_explicit(&is_taking, memory_order_relaxed)) take_stack();
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(size);
  return __libc_realloc(old, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  count(size);
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

static void write_stacks(void) {
  is_inside = 1;
  FILE *file = fopen(stacks_file, "w");
  if (file) {
    for (int i = 0; i < SLOTS; i++) {
      if (!stacks[i].count) continue;
      fprintf(file, "%lu", stacks[i].count);
      for (int j = 0; j < stacks[i].depth; j++) fprintf(file, " %p", stacks[i].frames[j]);
      fputc('\n', file);
    }
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096];
    while (maps && fgets(line, sizeof line, maps)) fputs(line, file);
    if (maps) fclose(maps);
    fclose(file);
  }
  is_inside = 0;
}

static void on_signal(int number) {
  (void)number;
  char line[64];
  int is_first = !atomic_exchange(&is_taking, 0);
  int length = snprintf(line, sizeof line, "%lu %lu\n", atomic_load(&allocations), atomic_load(&bytes));
  if (write(output, line, length) != length) abort();
  if (!stacks) return;
  if (is_first) {
    atomic_store(&is_taking, 1);
  } else {
    write_stacks();
  }
}

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("ALLOCATIONS_FILE");
  if (!name) return;
  output = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  stacks_file = getenv("ALLOCATIONS_STACKS");
  if (stacks_file) {
    stacks = __libc_calloc(SLOTS, sizeof *stacks);
    void *frames[1];
    is_inside = 1;
    backtrace(frames, 1);
    is_inside = 0;
  }
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
}
