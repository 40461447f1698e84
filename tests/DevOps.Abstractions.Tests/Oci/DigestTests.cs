using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DevOps.Testing;

namespace DevOps.Oci.Tests;

public sealed class DigestTests
{
    private const string Abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private const string AbcSha512 =
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    [Theory] // expected: NIST, FIPS 180-4 examples for SHA-256 and SHA-512
    [InlineData("", DigestAlgorithm.Sha256, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", DigestAlgorithm.Sha256, Abc)]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", DigestAlgorithm.Sha256, "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("abc", DigestAlgorithm.Sha512, AbcSha512)]
    [InlineData("", DigestAlgorithm.Sha512, "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    public void Compute_KnownMessage_MatchesStandard(string message, DigestAlgorithm algorithm, string expected) =>
        Assert.Equal(expected, Digest.Compute(Encoding.ASCII.GetBytes(message), algorithm).ToString());

    [Fact]
    public void Compute_UnknownAlgorithm_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Digest.Compute([], (DigestAlgorithm)7));

    [Theory]
    [InlineData(Abc, DigestAlgorithm.Sha256, "sha256")]
    [InlineData(AbcSha512, DigestAlgorithm.Sha512, "sha512")]
    public void Parse_ValidText_KeepsEveryPart(string text, DigestAlgorithm algorithm, string name)
    {
        Digest digest = Digest.Parse(text);

        Assert.Equal(algorithm, digest.Algorithm);
        Assert.Equal(name, digest.AlgorithmName);
        Assert.Equal(text[(name.Length + 1)..], digest.Hex);
        Assert.Equal(text, digest.ToString());
        Assert.True(Digest.TryParse(text, out Digest? again));
        Assert.Equal(digest, again);
    }

    public static TheoryData<string> Malformed { get; } =
    [
        "",
        ":",
        "sha256",
        "sha256:",
        ":ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:../../x",
        "sha256:../../../../../../../../../../../../../../../../../../etc/passwd",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:Ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256+b64:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "blake3:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n",
        " sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015\0d",
        "sha256:\u0661a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:\uFF41a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:sha256:7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_MalformedText_ThrowsFormatException(string text)
    {
        Assert.Throws<FormatException>(() => Digest.Parse(text));
        Assert.False(Digest.TryParse(text, out Digest? digest));
        Assert.Null(digest);
    }

    [Fact]
    public void Parse_Null_ThrowsArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>(() => Digest.Parse(null!));
        Assert.False(Digest.TryParse(null, out _));
    }

    [Fact]
    public void Parse_VeryLongText_MessageIsShort()
    {
        FormatException error = Assert.Throws<FormatException>(() => Digest.Parse("sha256:" + new string('a', 1_000_000)));
        Assert.InRange(error.Message.Length, 1, 1000);
    }

    [Fact]
    public void Parse_DamagedText_NothingButFormatException()
    {
        foreach (byte[] bytes in Damage.Of(Encoding.ASCII.GetBytes(Abc), seed: 1, count: 2000))
        {
            string text = Encoding.UTF8.GetString(bytes);
            if (Digest.TryParse(text, out Digest? digest))
            {
                Assert.Equal(text, digest.ToString());
            }
            else
            {
                Assert.Throws<FormatException>(() => Digest.Parse(text));
            }
        }
    }

    [Fact]
    public void Parse_ThroughInterfaces_IsTheSame()
    {
        Assert.Equal(Abc, Generic<Digest>(Abc).ToString());
        Assert.True(TryGeneric(Abc, out Digest? digest));
        Assert.Equal(Abc, digest!.ToString());
        Assert.False(TryGeneric("sha256:../../x", out Digest? _));
    }

    [Fact]
    public void FromHash_RightLength_GivesLowerCaseHex() => Assert.Equal(Abc, Digest.FromHash(SHA256.HashData("abc"u8)).ToString());

    [Theory]
    [InlineData(0, DigestAlgorithm.Sha256)]
    [InlineData(31, DigestAlgorithm.Sha256)]
    [InlineData(64, DigestAlgorithm.Sha256)]
    [InlineData(32, DigestAlgorithm.Sha512)]
    public void FromHash_WrongLength_Throws(int length, DigestAlgorithm algorithm) =>
        Assert.Throws<ArgumentException>(() => Digest.FromHash(new byte[length], algorithm));

    [Fact]
    public void Equals_SameTextAnotherInstance_IsEqual()
    {
        Digest one = Digest.Parse(Abc);
        Digest two = Digest.Compute("abc"u8);

        Assert.True(one == two);
        Assert.False(one != two);
        Assert.True(one.Equals((object)two));
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.False(one == Digest.Compute("abd"u8));
        Assert.False(one == null);
        Assert.True((Digest?)null == null);
        Assert.False(one.Equals(Digest.Parse(AbcSha512)));
    }

    private static T Generic<T>(string text) where T : ISpanParsable<T> => T.Parse(text.AsSpan(), CultureInfo.InvariantCulture);

    private static bool TryGeneric<T>(string text, out T? value) where T : ISpanParsable<T> => T.TryParse(text.AsSpan(), CultureInfo.InvariantCulture, out value);
}
