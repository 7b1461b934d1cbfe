#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct _CachetSecret
{
  gatomicrefcount ref_count;
  gsize length;
  gsize mapped; /* whole pages */
  char *text;
};

G_DEFINE_BOXED_TYPE (CachetSecret, cachet_secret, cachet_secret_ref, cachet_secret_unref)

CachetSecret *
cachet_secret_new (const char *text, gssize length)
{
  CachetSecret *self;
  gsize page = (gsize)sysconf (_SC_PAGESIZE);

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (CachetSecret, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->length = length < 0 ? strlen (text) : (gsize)length;
  self->mapped = (self->length / page + 1) * page;
  self->text =
    mmap (NULL, self->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->text == MAP_FAILED)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", self->length);
  /* Both may be refused (RLIMIT_MEMLOCK); the secret then is as safe as any other memory. */
  if (mlock (self->text, self->mapped) != 0)
    g_debug ("a secret could not be locked into memory");
  (void)madvise (self->text, self->mapped, MADV_DONTDUMP);
  memcpy (self->text, text, self->length);
  return self;
}

CachetSecret *
cachet_secret_ref (CachetSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
cachet_secret_unref (CachetSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  cachet_secret_wipe (self->text, self->mapped);
  munmap (self->text, self->mapped);
  g_free (self);
}

const char *
cachet_secret_get_text (const CachetSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

gsize
cachet_secret_get_length (const CachetSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

void
cachet_secret_wipe (void *memory, gsize length)
{
  if (memory != NULL)
    explicit_bzero (memory, length);
}
