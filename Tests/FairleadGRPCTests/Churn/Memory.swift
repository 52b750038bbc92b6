#if os(Linux)
  import CMalloc

  /// What the C library has given out and not got back.
  enum Memory {
    static var inUse: Int {
      let info = mallinfo2()
      return Int(info.uordblks) + Int(info.hblkhd)
    }
  }
#endif
