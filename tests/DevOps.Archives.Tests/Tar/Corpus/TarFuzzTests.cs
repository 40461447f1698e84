using DevOps.Archives.Extraction;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tar.Tests;

/// <summary>Every archive of the corpus, damaged: a bounded part in an ordinary run, more below eng/soak.sh.</summary>
public sealed class TarFuzzTests
{
    // A header may state 1 MiB, which is made room for before it is read, and be the last; beside it is what grows with the archive.
    private const long MaxAllocatedBytes = 4 << 20;
    private const int MaxAllocatedPerByte = 64;
    private const int MaxContentBytes = 1 << 16;
    private const string Secret = "what no archive of the corpus has";

    private static readonly byte[][] Archives = [.. TarCorpus.Names.Select(TarCorpus.Archive)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadNextAsync_DamagedCorpus_EndsInBoundedMemoryWithOneKindOfError()
    {
        for (int i = 0; i < Archives.Length; i++)
        {
            foreach (byte[] damaged in TarDamage.Of(Archives[i], Archives, seed: 1000 + i, count: 60))
            {
                await AssertReadsAsync(damaged, TarCorpus.Names[i]);
            }
        }
    }

    [Fact]
    public async Task ExtractAsync_DamagedCorpus_LeavesAloneWhatIsOutside()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string[] outside = [temporary.Write("outside/kept.txt", Secret), temporary.Write("outside.txt", Secret)];
        DateTime time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        Array.ForEach(outside, path => File.SetLastWriteTimeUtc(path, time));
        string before = Tree(temporary.Path);
        byte[] hostile = Hostile();
        for (int i = 0; i <= Archives.Length; i++)
        {
            (byte[] archive, int count) = i < Archives.Length ? (Archives[i], 2) : (hostile, 500);
            foreach (byte[] damaged in TarDamage.Of(archive, [hostile, .. Archives], seed: 2000 + i, count))
            {
                try
                {
                    await TarExtraction.ExtractAsync(new MemoryStream(damaged), temporary.PathOf("root"), new() { MaxBytes = 1 << 20 }, Cancellation);
                }
                catch (Exception e) when (e is InvalidContentException or UnsafeEntryException or IOException)
                {
                    // What a damaged archive is for; a file system has limits of its own.
                }

                Assert.True(!HasSecret(temporary.PathOf("root")), $"archive {i}, damaged, gave what is outside another name: {Convert.ToBase64String(damaged)}");
                Directory.Delete(temporary.PathOf("root"), recursive: true);
                Assert.True(before == Tree(temporary.Path), $"archive {i}, damaged, changed what is outside: {Convert.ToBase64String(damaged)}");
            }
        }
    }

    // One edit away from leading out in many ways.
    private static byte[] Hostile() => RawTar.Archive(
        RawTar.Header("link", '2', 0, "../outside"),
        RawTar.Header("file", '0', 4),
        RawTar.Padded("evil"),
        RawTar.Header("dir", '5', 0, mode: 0x1ED),
        RawTar.Header("dir/link", '2', 0, "../.."),
        RawTar.Header("hard", '1', 0, "file"),
        RawTar.Header("link", '2', 0, "../outside.txt"),
        RawTar.Header("dir/x", '0', 4),
        RawTar.Padded("evil"),
        RawTar.Header("dir/y", '1', 0, "dir/x"),
        RawTar.Header("dir/y", '0', 4),
        RawTar.Padded("more"));

    private static async Task AssertReadsAsync(byte[] archive, string name)
    {
        using MemoryStream seekable = new(archive);
        long before = GC.GetAllocatedBytesForCurrentThread();
        List<string> skipped = await ListAsync(seekable, isRead: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        List<string> read = await ListAsync(FaultyStream.RandomChunks(archive, archive.Length), isRead: true);

        Assert.True(allocated <= MaxAllocatedBytes + (archive.Length * (long)MaxAllocatedPerByte), $"{name}, damaged, took {allocated} bytes: {Convert.ToBase64String(archive)}");
        // Whether content is read or skipped, and how much of the archive comes at once, must not show.
        Assert.True(skipped.SequenceEqual(read), $"{name}, damaged, is read in two ways:\n{string.Join('\n', skipped)}\n\n{string.Join('\n', read)}\n{Convert.ToBase64String(archive)}");
        Assert.True(skipped[^1] == ListingLine.Error || seekable.Position == archive.Length, $"{name}, damaged, is not read to its end: {Convert.ToBase64String(archive)}");
    }

    private static async Task<List<string>> ListAsync(Stream archive, bool isRead)
    {
        List<string> lines = ["start"];
        TarArchiveReader reader = new(archive);
        byte[] buffer = new byte[4096];
        try
        {
            while (await reader.ReadNextAsync(Cancellation) is { } entry)
            {
                lines.Add($"{entry.Kind} {entry.Name} {entry.LinkTarget} {entry.LengthBytes} {entry.ModifiedAt:O} {entry.OwnerId} {entry.ContentOffset}");
                for (long left = isRead ? Math.Min(entry.LengthBytes, MaxContentBytes) : 0; left > 0;)
                {
                    int count = await reader.Content.ReadAsync(buffer, Cancellation);
                    Assert.InRange(count, 1, buffer.Length);
                    left -= count;
                }

                Assert.True(reader.Content.Position <= reader.Content.Length, "There is more content than the entry says.");
            }
        }
        catch (InvalidContentException)
        {
            lines.Add(ListingLine.Error);
        }

        return lines;
    }

    // A hard link shows: links that are symbolic are not followed here.
    private static bool HasSecret(string root) => Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Any(path => new FileInfo(path).Length == Secret.Length && File.ReadAllText(path) == Secret);

    private static string Tree(string directory) => string.Join('\n', Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetUnixFileMode(path)} {(File.Exists(path) ? $"{File.GetLastWriteTimeUtc(path):O} {File.ReadAllText(path)}" : "")}"));
}
