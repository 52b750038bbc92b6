#ifndef FAIRLEAD_CCARES_SHIM_H
#define FAIRLEAD_CCARES_SHIM_H

// c-ares answers through callbacks into caller's memory and through macros, neither of which Swift can use safely.
// Here are the few calls that need them, as functions that own what they hand out.

#include <ares.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

// Macros in older versions, values of an enumeration in newer ones.
static const int fairlead_success = ARES_SUCCESS;
static const int fairlead_no_data = ARES_ENODATA;
static const int fairlead_not_found = ARES_ENOTFOUND;
static const int fairlead_no_memory = ARES_ENOMEM;
static const int fairlead_not_initialized = ARES_ENOTINITIALIZED;

/// A question that was asked and, once `done`, its answer.
typedef struct fairlead_question {
  int done;
  /// One of ARES_SUCCESS, ARES_ENODATA, …
  int status;
  unsigned char *bytes;
  int length;
} fairlead_question;

// Names for pointers, which Swift has to spell.
typedef fairlead_question *fairlead_question_ref;
typedef struct hostent *fairlead_host_ref;
typedef struct ares_srv_reply *fairlead_services_ref;

static inline void fairlead_answered(void *argument, int status, int timeouts, unsigned char *bytes, int length) {
  fairlead_question *question = (fairlead_question *)argument;
  (void)timeouts;
  question->done = 1;
  question->status = status;
  if (bytes != NULL && length > 0) {
    question->bytes = (unsigned char *)malloc((size_t)length);
    if (question->bytes == NULL) {
      question->status = ARES_ENOMEM;
      return;
    }
    memcpy(question->bytes, bytes, (size_t)length);
    question->length = length;
  }
}

/// Asks for records of the Internet class. NULL if memory is short. Outlives the channel that it was asked on, which
/// has to be destroyed first.
static inline fairlead_question *fairlead_ask(ares_channel channel, const char *name, int type) {
  fairlead_question *question = (fairlead_question *)calloc(1, sizeof(fairlead_question));
  if (question != NULL) {
    ares_query(channel, name, 1, type, fairlead_answered, question);
  }
  return question;
}

static inline void fairlead_forget(fairlead_question *question) {
  if (question != NULL) {
    free(question->bytes);
    free(question);
  }
}

/// Waits for the servers, no longer than so many milliseconds, and takes what they say or that they say nothing.
static inline void fairlead_turn(ares_channel channel, int milliseconds) {
  ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
  struct pollfd descriptors[ARES_GETSOCK_MAXNUM];
  int mask = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
  nfds_t count = 0;
  for (int index = 0; index < ARES_GETSOCK_MAXNUM; index++) {
    short events = 0;
    if (ARES_GETSOCK_READABLE(mask, index)) {
      events |= POLLIN;
    }
    if (ARES_GETSOCK_WRITABLE(mask, index)) {
      events |= POLLOUT;
    }
    if (events == 0) {
      break;
    }
    descriptors[count].fd = sockets[index];
    descriptors[count].events = events;
    descriptors[count].revents = 0;
    count++;
  }
  struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
  struct timeval wanted;
  struct timeval *wait = ares_timeout(channel, &limit, &wanted);
  // Rounded up, so that a time-out is over when we look.
  int ready = poll(descriptors, count, (int)(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000));
  if (ready <= 0) {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    return;
  }
  for (nfds_t index = 0; index < count; index++) {
    short events = descriptors[index].revents;
    // Trouble with a socket shows when it is read.
    ares_socket_t readable = events & ~POLLOUT ? descriptors[index].fd : ARES_SOCKET_BAD;
    ares_socket_t writable = events & POLLOUT ? descriptors[index].fd : ARES_SOCKET_BAD;
    ares_process_fd(channel, readable, writable);
  }
}

#endif
