using System.Text;
using DevOps.Archives.Directories;
using DevOps.Testing;

namespace DevOps.Archives.Tar.Tests;

public sealed class LargeFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    // expected: truncate -s 8589934592 f && tar --format=pax --pax-option=delete=?time -cf - f | head -c 1100 | strings
    [Theory]
    [InlineData((8L << 30) - 1, "77777777777", null)]
    [InlineData(8L << 30, "00000000000", "19 size=8589934592\n")]
    [InlineData(100L << 30, "00000000000", "21 size=107374182400\n")]
    public async Task WriteAsync_FileOfEightGibibytes_HasItsSizeInARecord(long length, string octal, string? record)
    {
        using (FileStream file = new(_directory.PathOf("f"), FileMode.CreateNew))
        {
            file.SetLength(length);
        }

        TarItem item = Assert.Single(DirectoryReader.Read(_directory.Path));
        Assert.Equal(length, item.Member.LengthBytes);
        using MemoryStream start = new(new byte[2048]);
        await Assert.ThrowsAsync<NotSupportedException>(() => new TarArchiveWriter(start).WriteAsync(item, Cancellation));
        byte[] bytes = start.ToArray();
        int header = record is null ? 0 : 1024;
        Assert.Equal(octal + "\0", Encoding.ASCII.GetString(bytes, header + 124, 12));
        Assert.Equal(record, record is null ? null : Encoding.ASCII.GetString(bytes, 512, record.Length));

        // The stated size reaches a reader, whatever comes of the content.
        TarArchiveReader reader = new(new MemoryStream(bytes));
        Assert.Equal(length, (await reader.ReadNextAsync(Cancellation))!.LengthBytes);
    }
}
