using DevOps.Archives.Tar;

namespace DevOps.Docker.Tests;

public sealed class LayerEntryComparerTests
{
    [Fact] // expected: OCI image-spec 1.1, layer.md, "Whiteouts": they should come before their siblings
    public void Compare_Deletions_ComeFirstInTheirDirectoryOnly()
    {
        TarItem[] expected =
        [
            LayerEntry.OpaqueWhiteout("/"),
            LayerEntry.Whiteout("z"),
            LayerEntry.File("\u0001", default),
            LayerEntry.File("!", default),
            LayerEntry.File("a-b", default),
            LayerEntry.Directory("a"),
            LayerEntry.OpaqueWhiteout("a"),
            LayerEntry.Whiteout("a/!"),
            LayerEntry.Whiteout("a/.x"),
            LayerEntry.Whiteout("a/b"),
            LayerEntry.Whiteout("a/b-c"),
            LayerEntry.File("a/!", default),
            LayerEntry.Directory("a/b"),
            LayerEntry.Whiteout("a/b/c"),
            LayerEntry.File("a/b/.w", default),
            LayerEntry.File("a0", default),
        ];
        TarItem[] shuffled = [.. expected];
        new Random(4).Shuffle(shuffled);
        Assert.Equal(expected, shuffled.Order(LayerEntryComparer.Instance));
    }

    [Fact]
    public void Compare_NothingDeleted_IsTheOrderOfPaths()
    {
        Random random = new(5);
        const string Alphabet = "\u0001!-.0awh\uFF5E";
        string Name() => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) + "x";
        for (int i = 0; i < 2000; i++)
        {
            (string x, string y) = (string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Name())), string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Name())));
            TarItem first = new(new(x, TarMemberKind.File), null);
            TarItem second = new(new(y, TarMemberKind.Directory), null);
            Assert.Equal(Math.Sign(TarPathComparer.Instance.Compare(x, y + "/")), Math.Sign(LayerEntryComparer.Instance.Compare(first, second)));
        }

        Assert.True(LayerEntryComparer.Instance.Compare(null, LayerEntry.OpaqueWhiteout("/")) < 0);
        Assert.Equal(0, LayerEntryComparer.Instance.Compare(null, null));
    }
}
