#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "fault-vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* behind this struct */
} FaultFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static int countdown = -1;
static int fault_code;
static int fault_lasts;
static int has_failed;

static int
check_fault (void)
{
  int n = g_atomic_int_get (&countdown);

  if (n < 0)
    return SQLITE_OK;
  if (n > 0)
    {
      g_atomic_int_set (&countdown, n - 1);
      return SQLITE_OK;
    }
  g_atomic_int_set (&has_failed, TRUE);
  if (!fault_lasts)
    g_atomic_int_set (&countdown, -1);
  return fault_code;
}

static sqlite3_file *
get_real (sqlite3_file *file)
{
  return ((FaultFile *)(void *)file)->real;
}

#define FORWARD(name, parameters, ...)                                          \
  static int fault_##name parameters                                            \
  {                                                                             \
    return get_real (file)->pMethods->x##name (get_real (file), ##__VA_ARGS__); \
  }
#define FORWARD_OR_FAIL(name, parameters, ...)                                      \
  static int fault_##name parameters                                                \
  {                                                                                 \
    int code = check_fault ();                                                      \
    return code != SQLITE_OK                                                        \
             ? code                                                                 \
             : get_real (file)->pMethods->x##name (get_real (file), ##__VA_ARGS__); \
  }

FORWARD (Close, (sqlite3_file * file))
FORWARD (Read, (sqlite3_file * file, void *bytes, int n, sqlite3_int64 offset), bytes, n, offset)
FORWARD_OR_FAIL (
  Write, (sqlite3_file * file, const void *bytes, int n, sqlite3_int64 offset), bytes, n, offset)
FORWARD_OR_FAIL (Truncate, (sqlite3_file * file, sqlite3_int64 size), size)
FORWARD_OR_FAIL (Sync, (sqlite3_file * file, int flags), flags)
FORWARD (FileSize, (sqlite3_file * file, sqlite3_int64 *size), size)
FORWARD (Lock, (sqlite3_file * file, int level), level)
FORWARD (Unlock, (sqlite3_file * file, int level), level)
FORWARD (CheckReservedLock, (sqlite3_file * file, int *result), result)
FORWARD (FileControl, (sqlite3_file * file, int op, void *argument), op, argument)
FORWARD (SectorSize, (sqlite3_file * file))
FORWARD (DeviceCharacteristics, (sqlite3_file * file))
FORWARD (ShmMap,
         (sqlite3_file * file, int page, int size, int extend, void volatile **memory),
         page,
         size,
         extend,
         memory)
FORWARD (ShmLock, (sqlite3_file * file, int offset, int n, int flags), offset, n, flags)
FORWARD (ShmUnmap, (sqlite3_file * file, int remove), remove)

static void
fault_ShmBarrier (sqlite3_file *file)
{
  get_real (file)->pMethods->xShmBarrier (get_real (file));
}

static const sqlite3_io_methods fault_methods = {
  .iVersion = 2,
  .xClose = fault_Close,
  .xRead = fault_Read,
  .xWrite = fault_Write,
  .xTruncate = fault_Truncate,
  .xSync = fault_Sync,
  .xFileSize = fault_FileSize,
  .xLock = fault_Lock,
  .xUnlock = fault_Unlock,
  .xCheckReservedLock = fault_CheckReservedLock,
  .xFileControl = fault_FileControl,
  .xSectorSize = fault_SectorSize,
  .xDeviceCharacteristics = fault_DeviceCharacteristics,
  .xShmMap = fault_ShmMap,
  .xShmLock = fault_ShmLock,
  .xShmBarrier = fault_ShmBarrier,
  .xShmUnmap = fault_ShmUnmap,
};

static int
fault_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  FaultFile *self = (FaultFile *)(void *)file;
  int code = (flags & SQLITE_OPEN_CREATE) != 0 ? check_fault () : SQLITE_OK;

  memset (self, 0, sizeof *self);
  if (code != SQLITE_OK)
    return SQLITE_CANTOPEN;
  self->real = (sqlite3_file *)(void *)(self + 1);
  code = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  if (self->real->pMethods != NULL)
    self->base.pMethods = &fault_methods;
  return code;
}

static int
fault_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  int code = check_fault ();

  return code != SQLITE_OK ? SQLITE_IOERR_DELETE : real_vfs->xDelete (real_vfs, name, sync);
}

void
fault_vfs_install (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  fault_vfs = *real_vfs;
  fault_vfs.zName = "fault";
  fault_vfs.pNext = NULL;
  fault_vfs.szOsFile = (int)sizeof (FaultFile) + real_vfs->szOsFile;
  fault_vfs.xOpen = fault_open;
  fault_vfs.xDelete = fault_delete;
  g_assert_cmpint (sqlite3_vfs_register (&fault_vfs, TRUE), ==, SQLITE_OK);
}

void
fault_vfs_fail_at (int n, int code, gboolean lasting)
{
  fault_code = code;
  fault_lasts = lasting;
  g_atomic_int_set (&has_failed, FALSE);
  g_atomic_int_set (&countdown, n);
}

gboolean
fault_vfs_has_failed (void)
{
  return g_atomic_int_get (&has_failed);
}
