#pragma once

#include <stddef.h>
#include <stdint.h>

/* What each target defines; the same as libFuzzer's, so that it may be linked with that instead of
 * the driver. Must return 0, and abort on whatever is wrong. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Words that are put into inputs, ended by NULL. A target may define it. */
extern const char *const fuzz_dictionary[] __attribute__ ((weak));
