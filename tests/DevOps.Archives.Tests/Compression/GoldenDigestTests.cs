using DevOps.Archives.Compression;
using DevOps.Oci;

namespace DevOps.Archives.Tests.Compression;

/// <summary>The bytes of version 1 of the encoder. A change here breaks every digest that users have: it needs a new version, and the old one stays.</summary>
public sealed class GoldenDigestTests
{
    private const int LengthBytes = 5_000_000;

    [Fact]
    public void Content_IsWhatTheDigestsWereTakenOf() =>
        Assert.Equal("a6839cbc8c67d4e43e1690d8e3dc21a4", Digest.Compute(GoldenContent.Create(LengthBytes)).Hex[..32]);

    [Theory]
    [InlineData(DeflateLevel.Fast, "sha256:c75798f1adb703a277d9f5ca0d4732faf90b67e9b75e7fcf7cf73d6041b212d9")]
    [InlineData(DeflateLevel.Default, "sha256:796246f1e7f96359b5031d0e9b9dfe9f3c408edd531ca5365bccd8c8920cbe7f")]
    [InlineData(DeflateLevel.Small, "sha256:c05730ade6e9121e597c9b3baafb9413ae32dd89c7c40f185e8a195cc68fa973")]
    [InlineData(DeflateLevel.Store, "sha256:540919879d058afd71def540c8d647fca6fcf422b41ff56a05ee9bb4502360a4")]
    public async Task CompressAsync_AnyWorkersAndPieces_HasTheGoldenDigest(DeflateLevel level, string expected)
    {
        byte[] content = GoldenContent.Create(LengthBytes);
        foreach ((int workers, int piece) in new[] { (1, int.MaxValue), (2, 65_536), (3, 4_099), (8, 1_000_003) })
        {
            using MemoryStream output = new();
            long read = await GzipEncoder.CompressAsync(new PieceStream(content, piece), output, level, new(workers), TestContext.Current.CancellationToken);

            Assert.Equal(LengthBytes, read);
            string digest = Digest.Compute(output.ToArray()).ToString();
            Assert.True(expected == digest, $"{level} with {workers} workers gave {digest}, not {expected}.");
        }
    }

    [Theory] // a processor with less, down to one without any vector
    [InlineData("DOTNET_EnableHWIntrinsic")]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableVPCLMULQDQ")]
    [InlineData("DOTNET_TieredCompilation")]
    public async Task CompressAsync_LesserProcessor_HasTheGoldenDigest(string switchedOff)
    {
        Assert.SkipWhen(InnerRun.IsInner, "This is the inner run.");
        await InnerRun.PassesAsync(switchedOff, "0", "-class", typeof(GoldenDigestTests).FullName!, "-class", "*SegmentEncoderTests", "-class", "*Crc32Tests", "-class", "*BorderHashTests");
    }

    /// <summary>Gives its content in pieces of one size.</summary>
    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
