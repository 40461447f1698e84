using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class BcryptTests
{
    [Theory] // expected: the test vectors of Openwall's crypt_blowfish 1.3, wrapper.c
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*")]
    [InlineData("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U")]
    [InlineData("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", "")]
    // expected: the test vectors of Damien Miller's jBCrypt 0.4, TestBCrypt.java
    [InlineData("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "a")]
    [InlineData("$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "abc")]
    [InlineData("$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC", "abcdefghijklmnopqrstuvwxyz")]
    [InlineData("$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO", "~!@#$%^&*()      ~!@#$%^&*()PNBFRD")]
    public void Verify_PublishedVector_Agrees(string hash, string password)
    {
        Bcrypt? bcrypt = Bcrypt.TryParse(hash);
        Assert.NotNull(bcrypt);
        Assert.True(bcrypt.Verify(password));
        Assert.False(bcrypt.Verify("x" + password));
        Assert.True(Bcrypt.TryParse(hash.Replace("$2a$", "$2y$", StringComparison.Ordinal))!.Verify(password));
        Assert.True(Bcrypt.TryParse(hash.Replace("$2a$", "$2b$", StringComparison.Ordinal))!.Verify(password));
    }

    [Fact] // expected: B. Schneier's constants begin with the hexadecimal fraction of pi, 243F6A88 85A308D3, and end with 3AC372E6
    public void Tables_ArePi()
    {
        Assert.Equal([0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u], BlowfishTables.Subkeys[..4].ToArray());
        Assert.Equal(0x8979FB1Bu, BlowfishTables.Subkeys[17]);
        Assert.Equal(0xD1310BA6u, BlowfishTables.SBoxes[0]);
        Assert.Equal(0x3AC372E6u, BlowfishTables.SBoxes[^1]);
        Assert.Equal(1024, BlowfishTables.SBoxes.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/")]
    [InlineData("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW1")]
    [InlineData("$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$32$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$ 5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCC=.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.Null(Bcrypt.TryParse(text));

    [Fact]
    public void Verify_PasswordWithNul_IsNotItsBeginning() =>
        Assert.False(Bcrypt.TryParse("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")!.Verify("U*U\0more"));

    [Fact]
    public void Unknown_NoPassword_IsRight() => Assert.False(Bcrypt.Unknown(4).Verify(""));

    [Theory] // expected: htpasswd of Apache
    [InlineData("secret", 4)]
    [InlineData("", 4)]
    [InlineData("päßwörd €", 5)]
    [InlineData("spaces and : colons", 6)]
    [InlineData("a password of more than seventy-two bytes, of which only the first ones are looked at", 4)]
    public async Task Verify_HashOfHtpasswd_Agrees(string password, int cost)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string file = directory.PathOf("users");
        await HtpasswdProgram.RunAsync("-cbB", "-C", $"{cost}", file, "bob", password);
        using HtpasswdFile users = new(file);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync("bob", password, cancellation));
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("bob", "x" + password, cancellation));
    }

    [Fact] // expected: htpasswd -v takes the hashes of the vectors too
    public async Task Vector_Htpasswd_Agrees()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string file = directory.Write("users", "bob:$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK\n");
        await HtpasswdProgram.RunAsync("-vb", file, "bob", "U*U*");
    }
}
