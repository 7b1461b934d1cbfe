/* Runs a fuzz target without libFuzzer: first each seed as it is, then changed seeds. Run n depends
 * on the random seed and n alone, so that it can be repeated: what crashes tells n.
 *
 *   fuzz-NAME [--runs N] [--first N] [--seconds S] [--seed N] [--max-bytes N] FILE-OR-FOLDER… */

#include "config.h"

#include "fuzz-driver.h"

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int option_runs = 20000;
static int option_first;
static double option_seconds = 4;
static int option_seed = 1;
static int option_max_bytes = 4096;

static const GOptionEntry options[] = {
  { "runs", 0, 0, G_OPTION_ARG_INT, &option_runs, "Changed inputs at most", "N" },
  { "first", 0, 0, G_OPTION_ARG_INT, &option_first, "Number of the first", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &option_seconds, "Time at most", "S" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &option_seed, "Random seed", "N" },
  { "max-bytes", 0, 0, G_OPTION_ARG_INT, &option_max_bytes, "Length of inputs at most", "N" },
  { NULL },
};

static volatile int current_run = -1;

extern void __sanitizer_set_death_callback (void (*callback) (void)) __attribute__ ((weak));

static void
tell_run (void)
{
  char text[64];
  int length = snprintf (text, sizeof text, "\nfuzz-driver: in run %d\n", current_run);

  if (write (STDERR_FILENO, text, (size_t)length) < 0)
    return;
}

static void
tell_run_cb (int number)
{
  tell_run ();
  signal (number, SIG_DFL);
  raise (number);
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
read_seeds (GPtrArray *seeds, const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GPtrArray) names = NULL;
  gsize length;
  const char *name;

  if (folder == NULL)
    {
      if (!g_file_get_contents (path, &content, &length, NULL))
        g_error ("%s can't be read", path);
      g_ptr_array_add (seeds, g_byte_array_new_take ((guint8 *)g_steal_pointer (&content), length));
      return;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names_cb);
  for (guint i = 0; i < names->len; i++)
    read_seeds (seeds, g_ptr_array_index (names, i));
}

static guint
below (GRand *rand, guint limit)
{
  return limit > 1 ? (guint)g_rand_int_range (rand, 0, (gint32)limit) : 0;
}

static void
insert (GByteArray *input, guint at, const guint8 *bytes, guint length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length); /* may be of the input itself */
  guint tail = input->len - at;

  g_byte_array_set_size (input, input->len + length);
  memmove (input->data + at + length, input->data + at, tail);
  if (length > 0)
    memcpy (input->data + at, copy, length);
}

static void
insert_word (GByteArray *input, GRand *rand, guint at)
{
  guint n_words = 0;
  const char *word;

  while (fuzz_dictionary != NULL && fuzz_dictionary[n_words] != NULL)
    n_words++;
  if (n_words == 0)
    return;
  word = fuzz_dictionary[below (rand, n_words)];
  insert (input, at, (const guint8 *)word, (guint)strlen (word));
}

static void
change (GByteArray *input, GRand *rand, GPtrArray *seeds)
{
  guint at = below (rand, input->len + 1);
  guint left = input->len - at;
  guint length = below (rand, MIN (left, 64) + 1);
  GByteArray *other = g_ptr_array_index (seeds, below (rand, seeds->len));
  guint8 byte = (guint8)below (rand, 256);

  switch (below (rand, 8))
    {
    case 0:
      if (left > 0)
        input->data[at] ^= (guint8)(1u << below (rand, 8));
      break;
    case 1:
      if (left > 0)
        input->data[at] = byte;
      break;
    case 2:
      insert (input, at, &byte, 1);
      break;
    case 3:
      if (length > 0)
        g_byte_array_remove_range (input, at, length);
      break;
    case 4:
      insert (input, at, input->data + at, length);
      break;
    case 5:
      if (below (rand, 4) == 0)
        g_byte_array_set_size (input, at);
      break;
    case 6:
      length = below (rand, MIN (other->len, 256) + 1);
      insert (input, at, other->data + below (rand, other->len - length + 1), length);
      break;
    default:
      insert_word (input, rand, at);
      break;
    }
}

static void
run_once (const guint8 *data, gsize size)
{
  /* a copy of exactly that size, so that a read behind its end is noticed */
  g_autofree guint8 *exact = g_memdup2 (data, size);
  static const guint8 nothing;

  if (LLVMFuzzerTestOneInput (exact != NULL ? exact : &nothing, size) != 0)
    g_error ("the target did not return 0");
}

static void
run_changed (GPtrArray *seeds, int number)
{
  const guint32 seed[] = { (guint32)option_seed, (guint32)number };
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (seed, G_N_ELEMENTS (seed));
  g_autoptr (GByteArray) input = g_byte_array_new ();
  GByteArray *origin = g_ptr_array_index (seeds, below (rand, seeds->len));

  g_byte_array_append (input, origin->data, origin->len);
  for (guint n = 1 + below (rand, 8); n > 0; n--)
    change (input, rand, seeds);
  run_once (input->data, MIN (input->len, (guint)option_max_bytes));
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("SEEDS");
  g_autoptr (GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  g_autoptr (GTimer) timer = NULL;
  g_autoptr (GError) error = NULL;
  int run;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  for (int i = 1; i < argc; i++)
    read_seeds (seeds, argv[i]);
  if (seeds->len == 0)
    g_error ("no seeds");
  signal (SIGABRT, tell_run_cb);
  signal (SIGTRAP, tell_run_cb);
  if (__sanitizer_set_death_callback != NULL)
    __sanitizer_set_death_callback (tell_run);
  else
    signal (SIGSEGV, tell_run_cb);

  for (guint i = 0; i < seeds->len; i++)
    {
      GByteArray *seed = g_ptr_array_index (seeds, i);

      run_once (seed->data, seed->len);
    }
  timer = g_timer_new ();
  for (run = option_first; run < option_first + option_runs; run++)
    {
      if (g_timer_elapsed (timer, NULL) > option_seconds)
        break;
      current_run = run;
      run_changed (seeds, run);
    }
  g_print ("%u seeds, %d runs, %.1f s\n", seeds->len, run - option_first,
           g_timer_elapsed (timer, NULL));
  return 0;
}
