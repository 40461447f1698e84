using DevOps.Archives.Packing;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Docker.Tests;

public sealed class LayerSequenceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task FromEntries_AnyOrder_GivesTheBytesOfTheSameDirectory()
    {
        foreach (string file in (string[])["a/b/c", "a-b", "a/x", "z/y/x/w", "m"])
        {
            _directory.Write("tree/" + file, file);
        }

        DirectoryOptions options = new() { OwnerId = 3, GroupId = 4, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(5) };
        BuiltLayer expected = await BuildAsync(Layer.FromDirectory(_directory.PathOf("tree"), options));
        TarItem[] files = [.. DirectoryReader.Read(_directory.PathOf("tree"), options).Where(item => item.Member.Kind == TarMemberKind.File)];

        Assert.Equal(expected.DiffId, (await BuildAsync(Layer.FromEntries("list", files.Reverse(), options))).DiffId);
        Assert.Equal(expected.DiffId, (await BuildAsync(Layer.FromEntries("stream", files.ToAsyncEnumerable(), options))).DiffId);
        Assert.Equal(expected.DiffId, (await BuildAsync(Layer.FromEntries("whole stream", DirectoryReader.Read(_directory.PathOf("tree"), options).ToAsyncEnumerable()))).DiffId);
        Assert.Equal(8 + 2, expected.MemberCount);
    }

    [Fact]
    public async Task FromEntries_ListedDirectory_KeepsItsMode()
    {
        TarItem[] expected = [LayerEntry.Directory("a", 0x1C0), LayerEntry.File("a/f", default)];
        List<TarItem> read = await Layer.FromEntries("x", [expected[1], expected[0]]).ReadAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task FromEntries_ImplicitParentsOmitted_AreNotAdded()
    {
        DirectoryOptions options = new() { ImplicitParents = ImplicitParents.Omit };
        TarItem[] entries = [LayerEntry.Directory("a/b"), LayerEntry.File("a/b/c/d", default)];
        Assert.Equal(entries, await Layer.FromEntries("x", entries, options).ReadAsync(Cancellation).ToListAsync(Cancellation));
        Layer files = Layer.FromFiles("x", [new LayerFile(_directory.Write("f"), "/tmp/f")], options);
        Assert.Equal("tmp/f", Assert.Single(await files.ReadAsync(Cancellation).ToListAsync(Cancellation)).Member.Path);
    }

    [Fact]
    public async Task FromEntries_Nothing_IsAnEmptyLayer() => Assert.Equal(0, (await BuildAsync(Layer.FromEntries("x", []))).MemberCount);

    // Each case is two entries: f is a file, d a directory, l a link; expected: words of the error, which names both.
    [Theory]
    [InlineData("f a", "f a", "'/a' comes twice")]
    [InlineData("f a", "l a", "a file and as a symbolic link to 'target'")]
    [InlineData("d a/b", "d a/b", "'/a/b/' comes twice")]
    [InlineData("f a", "d a", "'/a' comes twice in a layer, as a file and as a directory")]
    [InlineData("f a", "f a/b", "'/a/b' cannot be in a layer beside '/a': that is a file")]
    [InlineData("l a", "f a/b/c", "'/a/b/c' cannot be in a layer beside '/a': that is a symbolic link to 'target'")]
    [InlineData("w a", "w a", "as a deletion and as a deletion")]
    [InlineData("f a", "w a/b", "beside '/a'")]
    [InlineData("h a", "f b", "'/a' is a hard link to '/b'")]
    public async Task FromEntries_TwoThatCannotBeTogether_AreRefusedInAListAndInAStream(string one, string two, string expected)
    {
        // What comes between 'a' and 'a/' must not hide that they collide.
        TarItem[] entries = [Entry(one), LayerEntry.File("a!", default), LayerEntry.File("a!b", default), LayerEntry.File("a-", default), Entry(two)];
        ArgumentException list = Assert.Throws<ArgumentException>(() => Layer.FromEntries("x", entries));
        Assert.Contains(expected, list.Message, StringComparison.Ordinal);

        IAsyncEnumerable<TarItem> stream = entries.Order(LayerEntryComparer.Instance).ToAsyncEnumerable();
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => BuildAsync(Layer.FromEntries("mine", stream)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'mine'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f b", "f a", "'/a' comes behind '/b'")]
    [InlineData("f a/b", "d a", "'/a/' comes behind '/a/b'")]
    [InlineData("d a", "f a", "'/a' comes behind '/a/'")]
    [InlineData("f a/b", "f a-b", "'/a-b' comes behind '/a/b'")]
    [InlineData("f a/.x", "w a/z", "'/a/.wh.z' comes behind '/a/.x'")]
    public async Task FromEntries_StreamOutOfOrder_NamesBoth(string one, string two, string expected)
    {
        TarItem[] entries = [Entry(one), Entry(two)];
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => BuildAsync(Layer.FromEntries("x", entries.ToAsyncEnumerable())));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromEntries_FileBesideItsOwnDeletion_IsKept() =>
        Assert.Equal([".wh.a", "a", "a/f"], (await Layer.FromEntries("x", [LayerEntry.File("a/f", default), LayerEntry.Whiteout("a")]).ReadAsync(Cancellation).ToListAsync(Cancellation)).Select(item => item.Member.Path));

    [Theory]
    [InlineData(".wh.a")]
    [InlineData("a/.wh.")]
    [InlineData(".wh.dir/a")]
    [InlineData("a/.wh..wh..opq")]
    public async Task FromEntries_NameOfADeletionThatNobodyAskedFor_IsRefused(string path)
    {
        TarItem entry = new(new(path, TarMemberKind.File), null);
        Assert.Throws<DirectoryEntryException>(() => Layer.FromEntries("x", [entry]));
        await Assert.ThrowsAsync<DirectoryEntryException>(() => BuildAsync(Layer.FromEntries("x", new[] { entry }.ToAsyncEnumerable())));
    }

    [Theory] // the spec forbids a deletion of nothing
    [InlineData("a/.wh.", true)]
    [InlineData("a/x", false)]
    public async Task FromEntries_ContentOfADeletionUnderAnotherName_DeletesNothing(string path, bool isRefused)
    {
        TarItem entry = new(new(path, TarMemberKind.File), LayerEntry.Whiteout("b").Content);
        Exception? error = await Record.ExceptionAsync(() => BuildAsync(Layer.FromEntries("x", [entry, LayerEntry.Whiteout("a/b")])));
        Assert.Equal(isRefused, error is DirectoryEntryException);
        Assert.True(isRefused || error is null, error?.ToString());
    }

    [Fact]
    public void FromEntries_Null_Throws()
    {
        Assert.Throws<ArgumentException>(() => Layer.FromEntries("x", [null!]));
        Assert.Throws<ArgumentNullException>(() => Layer.FromEntries("x", (IEnumerable<TarItem>)null!));
        Assert.Throws<ArgumentNullException>(() => Layer.FromEntries("x", (IAsyncEnumerable<TarItem>)null!));
    }

    [Fact]
    public async Task FromEntries_EntriesOfAnArchive_ArePackedWhileItIsRead()
    {
        _directory.Write("tree/big", new byte[300_000]);
        _directory.Write("tree/small", "s");
        using MemoryStream tar = new();
        BuiltLayer expected = await Layer.FromDirectory(_directory.PathOf("tree")).BuildAsync(tar, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);
        tar.Position = 0;
        Assert.Equal(expected.DiffId, (await BuildAsync(Layer.FromEntries("copy", ReadAsync(FaultyStream.RandomChunks(tar.ToArray(), 1))))).DiffId);
    }

    [Fact]
    public async Task FromEntries_LongStream_TakesNoMemoryForWhatIsDone()
    {
        static async IAsyncEnumerable<TarItem> Many()
        {
            for (int i = 0; i < 200_000; i++)
            {
                yield return new(new($"d{i / 1000:000}/f{i:000000}", TarMemberKind.File), null);
            }

            await Task.CompletedTask;
        }

        WeakReference<TarItem> first = new(null!);
        int count = 0;
        await foreach (TarItem item in Layer.FromEntries("x", Many()).ReadAsync(Cancellation))
        {
            if (count++ == 0)
            {
                first.SetTarget(item);
            }
        }

        GC.Collect();
        Assert.Equal(200_200, count);
        Assert.False(first.TryGetTarget(out _));
    }

    private static async IAsyncEnumerable<TarItem> ReadAsync(Stream archive)
    {
        TarArchiveReader reader = new(archive);
        while (await reader.ReadNextAsync(Cancellation) is { } entry)
        {
            yield return new(new TarMember(entry.Name, TarMemberKind.File) { LengthBytes = entry.LengthBytes }, TarContent.FromStream(_ => new(reader.Content)));
        }
    }

    private static TarItem Entry(string text) => text[0] switch
    {
        'f' => LayerEntry.File(text[2..], default),
        'd' => LayerEntry.Directory(text[2..]),
        'l' => LayerEntry.SymbolicLink(text[2..], "target"),
        'h' => LayerEntry.HardLink(text[2..], "b"),
        _ => LayerEntry.Whiteout(text[2..]),
    };

    private static Task<BuiltLayer> BuildAsync(Layer layer) => layer.BuildAsync(Stream.Null, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);
}
