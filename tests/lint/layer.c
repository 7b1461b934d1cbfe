/* Linked with the whole of one layer and with those it may see: a call upwards or aside does not
 * resolve. */
int
main (void)
{
  return 0;
}
