using System.IO.Compression;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;
using DevOps.Testing;

namespace DevOps.Archives.Tests.Compression.Deflate;

public class RandomSliceTests
{
    [Theory]
    [InlineData(DeflateLevel.Fast)]
    [InlineData(DeflateLevel.Default)]
    [InlineData(DeflateLevel.Small)]
    [InlineData(DeflateLevel.Store)]
    public void Encode_RandomSlices_AreReadBack(DeflateLevel level)
    {
        byte[] content = GoldenContent.Create(3_000_000);
        int seed = Soak.Seed(17);
        Random random = new(seed);
        using SegmentEncoder encoder = new(level);
        int count = Soak.Times(2_500);
        for (int i = 0; i < count; i++)
        {
            // Most are short, where the edges are; some reach over several blocks.
            int length = random.Next(100) switch { 0 => random.Next(400_000), < 10 => random.Next(70_000), _ => random.Next(3_000) };
            byte[] slice = content.AsSpan(random.Next(content.Length - length), length).ToArray();
            byte[] encoded = SegmentEncoderTests.Encode(encoder, slice);
            using DeflateStream inflate = new(new MemoryStream([.. encoded, 3, 0]), CompressionMode.Decompress);
            byte[] decoded = new byte[length];
            inflate.ReadExactly(decoded);
            Assert.True(slice.AsSpan().SequenceEqual(decoded) && inflate.ReadByte() < 0, $"slice {i} of seed {seed}, {length} bytes");
        }
    }
}
