namespace Practice.Bad
{
    /// <summary>Rules 2 and 9: every kind of type that a signature can have; each names what it is made of.</summary>
    internal sealed unsafe class BadKinds
    {
        public delegate* <BadParameter, ref BadReturned> Function;

        public delegate* unmanaged[Cdecl]<BadPointed*, void> Unmanaged;

        public BadElement[,][] Arrays = new BadElement[0, 0][];

        public Dictionary<int, (int, Lazy<BadInner?>)> Generics = [];

        public volatile BadVolatile? Volatile;

        public ref readonly BadByReference ByReference(in BadByReference given) => ref given;

        public void Pinned(BadPinned[] all)
        {
            fixed (BadPinned* first = all)
                Called(first);
        }

        private static void Called(void* first) => ((delegate* <void*, BadCalled?>)first)(first);
    }

    internal struct BadParameter;

    internal struct BadReturned;

    internal struct BadPointed;

    internal sealed class BadElement;

    internal sealed class BadInner;

    internal sealed class BadVolatile;

    internal struct BadByReference;

    internal struct BadPinned
    {
        public int Number;
    }

    internal sealed class BadCalled;
}
