#if canImport(Glibc)
  import CMalloc

  /// Lets the allocator keep the blocks that large messages use, up to 4 MiB each and 16 MiB in all. By default it gives each
  /// block of 128 KiB back to the system, which clears it again for the next message: most of a large message's cost.
  func keepFreedMemory() {
    mallopt(M_MMAP_THRESHOLD, 4 << 20)
    mallopt(M_TRIM_THRESHOLD, 16 << 20)
  }
#else
  /// Only glibc's allocator needs to be told.
  func keepFreedMemory() {}
#endif
