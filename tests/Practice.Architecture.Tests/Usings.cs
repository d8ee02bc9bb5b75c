// What was compiled is read once and shared by all tests, and its reader (Mono.Cecil) is not made for several at a
// time.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
