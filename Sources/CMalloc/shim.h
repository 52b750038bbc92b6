#ifndef FAIRLEAD_CMALLOC_SHIM_H
#define FAIRLEAD_CMALLOC_SHIM_H

// glibc's `mallopt`, which Swift's Glibc module leaves out.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#endif
