using System.Text;
using DevOps.Testing;

namespace DevOps.Oci.Tests;

public sealed class RegistryAddressTests
{
    [Theory] // expected: the reference grammar of the distribution project, regexp_test.go
    [InlineData("docker.io", "docker.io", null)]
    [InlineData("index.docker.io", "docker.io", null)]
    [InlineData("INDEX.DOCKER.IO", "docker.io", null)]
    [InlineData("docker.io:443", "docker.io", 443)]
    [InlineData("ghcr.io", "ghcr.io", null)]
    [InlineData("GHCR.io", "ghcr.io", null)]
    [InlineData("localhost", "localhost", null)]
    [InlineData("localhost:5000", "localhost", 5000)]
    [InlineData("a-b--c.example", "a-b--c.example", null)]
    [InlineData("xn--n3h.com", "xn--n3h.com", null)]
    [InlineData("1.example", "1.example", null)]
    [InlineData("192.168.0.1", "192.168.0.1", null)]
    [InlineData("192.168.0.1:1", "192.168.0.1", 1)]
    [InlineData("host:65535", "host", 65535)]
    [InlineData("[::1]", "[::1]", null)]
    [InlineData("[::1]:5000", "[::1]", 5000)]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]", null)]
    [InlineData("[fd00:1:2::3]:75050", null, null)]
    [InlineData("[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1]", 80)]
    public void Parse_Text_FollowsTheGrammar(string text, string? host, int? port)
    {
        if (host is null)
        {
            Assert.Throws<FormatException>(() => RegistryAddress.Parse(text));
            return;
        }

        RegistryAddress address = RegistryAddress.Parse(text);
        Assert.Equal(host, address.Host);
        Assert.Equal(port, address.Port);
        Assert.Equal(port is null ? host : $"{host}:{port}", address.ToString());
        Assert.Equal(address, RegistryAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":5000")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host: 1")]
    [InlineData("host:1 ")]
    [InlineData("host:80:90")]
    [InlineData("host:99999999999999999999")]
    [InlineData("https://host")]
    [InlineData("host/path")]
    [InlineData("user@host")]
    [InlineData("user:password@host")]
    [InlineData("-host")]
    [InlineData("host-")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a_b.example")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("[]:5000")]
    [InlineData("[::1]5000")]
    [InlineData("[::1]:")]
    [InlineData("[[::1]]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[::1/64]")]
    [InlineData("[example.com]")]
    [InlineData("127\u30020\u30020\u30021")]
    [InlineData("\uFF4C\uFF4Fcalhost")]
    [InlineData("ex\u00E4mple.com")]
    public void Parse_MalformedText_ThrowsFormatException(string text)
    {
        Assert.Throws<FormatException>(() => RegistryAddress.Parse(text));
        Assert.False(RegistryAddress.TryParse(text, out RegistryAddress? address));
        Assert.Null(address);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Parse_LongLabel_IsBounded(int length, bool expected) =>
        Assert.Equal(expected, RegistryAddress.TryParse(new string('a', length) + ".example", out _));

    [Fact]
    public void Parse_LongHost_IsBounded() => Assert.False(RegistryAddress.TryParse(string.Join('.', Enumerable.Repeat("abcd", 60)), out _));

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:5000", true)]
    [InlineData("registry.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("[0:0:0:0:0:0:0:1]", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("[::ffff:7f00:1]", true)]
    [InlineData("[::2]", false)]
    [InlineData("128.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("localhost.example.com", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("localhost1", false)]
    [InlineData("127.0.0.1.example.com", false)]
    [InlineData("docker.io", false)]
    public void IsLoopback_Host_IsThisMachine(string text, bool expected) => Assert.Equal(expected, RegistryAddress.Parse(text).IsLoopback);

    [Fact]
    public void Equals_OtherSpelling_IsTheSameRegistry()
    {
        Assert.Equal(RegistryAddress.DockerHub, RegistryAddress.Parse("Index.Docker.io"));
        Assert.NotEqual(RegistryAddress.DockerHub, RegistryAddress.Parse("docker.io:5000"));
        Assert.NotEqual(RegistryAddress.Parse("localhost"), RegistryAddress.Parse("localhost:80"));
    }

    [Fact]
    public void Parse_Null_ThrowsArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>(() => RegistryAddress.Parse(null!));
        Assert.False(RegistryAddress.TryParse(null, out _));
    }

    [Theory]
    [InlineData("registry.example.com:5000")]
    [InlineData("[2001:db8::1]:5000")]
    public void Parse_DamagedText_NothingButFormatException(string valid)
    {
        foreach (byte[] bytes in Damage.Of(Encoding.UTF8.GetBytes(valid), seed: 4, count: 2000))
        {
            string text = Encoding.UTF8.GetString(bytes);
            if (RegistryAddress.TryParse(text, out RegistryAddress? address))
            {
                Assert.True(Ascii.IsValid(address.Host), text);
                Assert.Equal(address, RegistryAddress.Parse(address.ToString()));
            }
            else
            {
                Assert.Throws<FormatException>(() => RegistryAddress.Parse(text));
            }
        }
    }

    [Theory] // U+212A, the Kelvin sign, has the ASCII letter k as its lower case
    [InlineData("\u212A8s.io")]
    [InlineData("doc\u212Aer.io")]
    public void Parse_CharacterWhoseLowerCaseIsAscii_ThrowsFormatException(string text) => Assert.Throws<FormatException>(() => RegistryAddress.Parse(text));
}
