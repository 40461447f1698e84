using System.Text;

namespace DevOps.Oci.Tests;

public sealed class DigestBuilderTests
{
    [Fact] // expected: NIST, one million times 'a'
    public void Append_MillionLettersInUnevenPieces_MatchesStandard()
    {
        using DigestBuilder builder = new();
        byte[] letters = Encoding.ASCII.GetBytes(new string('a', 1_000_000));
        Random random = new(7);
        for (int at = 0; at < letters.Length;)
        {
            int length = Math.Min(random.Next(0, 5000), letters.Length - at);
            builder.Append(letters.AsSpan(at, length));
            at += length;
        }

        Assert.Equal("sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", builder.ToDigest().ToString());
        Assert.Equal(1_000_000, builder.LengthBytes);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public void ToDigest_BetweenAppends_IsThatOfTheBytesSoFar(DigestAlgorithm algorithm)
    {
        using DigestBuilder builder = new(algorithm);

        Assert.Equal(Digest.Compute([], algorithm), builder.ToDigest());
        builder.Append("ab"u8);
        Assert.Equal(Digest.Compute("ab"u8, algorithm), builder.ToDigest());
        Assert.Equal(builder.ToDigest(), builder.ToDigest());
        builder.Append("c"u8);
        Assert.Equal(Digest.Compute("abc"u8, algorithm), builder.ToDigest());
        Assert.Equal(algorithm, builder.Algorithm);
    }

    [Fact]
    public void Constructor_UnknownAlgorithm_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new DigestBuilder((DigestAlgorithm)9));
}
