using System.IO.Compression;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

public class SegmentEncoderTests
{
    public static TheoryData<DeflateLevel> Levels => [.. Enum.GetValues<DeflateLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Encode_AnyContent_IsReadBack(DeflateLevel level)
    {
        using SegmentEncoder encoder = new(level);
        foreach ((string name, byte[] content) in Contents.All())
        {
            Assert.True(content.AsSpan().SequenceEqual(Decode(Encode(encoder, content))), $"{level}: {name}");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Encode_SeveralSegments_AreOneStream(DeflateLevel level)
    {
        using SegmentEncoder encoder = new(level);
        byte[] content = Contents.Text(200_000);
        byte[] stream = [.. Encode(encoder, content[..70_001]), .. Encode(encoder, content[70_001..70_002]), .. Encode(encoder, content[70_002..])];

        Assert.Equal(content, Decode(stream));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Encode_OtherBytesBehindTheEnd_ChangesNothing(DeflateLevel level)
    {
        using SegmentEncoder encoder = new(level);
        foreach (int length in new[] { 1, 15, 31, 32, 33, 39, 40, 41, 47, 48, 49, 50, 290, 1000, 70_000 })
        {
            foreach (byte[] content in new[] { Contents.Text(length), new byte[length], Contents.OfSymbols(3, length) })
            {
                byte[] expected = Encode(encoder, content, behind: 0);
                Assert.Equal(expected, Encode(encoder, content, behind: 0xFF));
                Assert.Equal(expected, Encode(encoder, content, behind: content[0]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Encode_AfterOtherContent_GivesTheSameBytes(DeflateLevel level)
    {
        using SegmentEncoder used = new(level);
        foreach ((string name, byte[] content) in Contents.All())
        {
            using SegmentEncoder fresh = new(level);
            Assert.True(Encode(fresh, content).AsSpan().SequenceEqual(Encode(used, content)), $"{level}: {name}");
        }
    }

    [Fact]
    public void Encode_LevelOfMoreWork_IsSmaller()
    {
        byte[] content = Contents.Text(700_000);
        int[] lengths = [.. new[] { DeflateLevel.Store, DeflateLevel.Fast, DeflateLevel.Default, DeflateLevel.Small }.Select(level =>
        {
            using SegmentEncoder encoder = new(level);
            return Encode(encoder, content).Length;
        })];

        Assert.Equal(lengths.OrderDescending(), lengths);
        Assert.Equal(lengths.Length, lengths.Distinct().Count());
    }

    internal static unsafe byte[] Encode(SegmentEncoder encoder, byte[] content, byte behind = 0)
    {
        // Around both lies what must neither be written nor matter. The encoder may store eight bytes at once behind its last one.
        const int Guard = 64;
        const int Store = 8;
        byte[] input = new byte[Guard + content.Length + Guard];
        input.AsSpan().Fill(behind);
        content.CopyTo(input, Guard);
        int most = SegmentEncoder.MaxOutputBytes(content.Length);
        byte[] output = new byte[Guard + most + Guard];
        output.AsSpan().Fill(0xA5);
        int length;
        fixed (byte* from = &input[Guard], to = &output[Guard])
        {
            length = encoder.Encode(from, content.Length, to);
        }

        Assert.InRange(length, 0, most - Store);
        Assert.True(output.AsSpan(0, Guard).IndexOfAnyExcept((byte)0xA5) < 0 && output.AsSpan(Guard + most).IndexOfAnyExcept((byte)0xA5) < 0, "Something was written outside of the output.");
        return output[Guard..(Guard + length)];
    }

    private static byte[] Decode(byte[] segments)
    {
        using MemoryStream input = new([.. segments, 3, 0]);
        using DeflateStream inflate = new(input, CompressionMode.Decompress);
        using MemoryStream output = new();
        inflate.CopyTo(output);
        return output.ToArray();
    }
}
