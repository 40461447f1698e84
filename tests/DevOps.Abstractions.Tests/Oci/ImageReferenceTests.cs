using System.Text;
using DevOps.Testing;

namespace DevOps.Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string Hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string D = "sha256:" + Hex;

    [Theory] // expected: distribution/reference, normalize.go and its tests (splitDockerDomain, ParseNormalizedNamed)
    [InlineData("alpine", "docker.io", "library/alpine", null, null)]
    [InlineData("alpine:3", "docker.io", "library/alpine", "3", null)]
    [InlineData("alpine@" + D, "docker.io", "library/alpine", null, D)]
    [InlineData("alpine:3@" + D, "docker.io", "library/alpine", "3", D)]
    [InlineData("library/alpine", "docker.io", "library/alpine", null, null)]
    [InlineData("docker.io/alpine", "docker.io", "library/alpine", null, null)]
    [InlineData("docker.io/library/alpine", "docker.io", "library/alpine", null, null)]
    [InlineData("index.docker.io/alpine", "docker.io", "library/alpine", null, null)]
    [InlineData("index.docker.io/library/x", "docker.io", "library/x", null, null)]
    [InlineData("index.docker.io/team/x", "docker.io", "team/x", null, null)]
    [InlineData("docker/docker", "docker.io", "docker/docker", null, null)]
    [InlineData("library/docker/docker", "docker.io", "library/docker/docker", null, null)]
    [InlineData("localhost", "docker.io", "library/localhost", null, null)]
    [InlineData("localhost:5000", "docker.io", "library/localhost", "5000", null)]
    [InlineData("localhost/x", "localhost", "x", null, null)]
    [InlineData("localhost/x:tag", "localhost", "x", "tag", null)]
    [InlineData("localhost:5000/x", "localhost:5000", "x", null, null)]
    [InlineData("localhost:5000/x:tag", "localhost:5000", "x", "tag", null)]
    [InlineData("localhost:5000/library/x", "localhost:5000", "library/x", null, null)]
    [InlineData("ghcr.io/a/b", "ghcr.io", "a/b", null, null)]
    [InlineData("ghcr.io/a/b@" + D, "ghcr.io", "a/b", null, D)]
    [InlineData("ghcr.io/a/b:v1.2.3@" + D, "ghcr.io", "a/b", "v1.2.3", D)]
    [InlineData("test.com/foo", "test.com", "foo", null, null)]
    [InlineData("test_com/foo", "docker.io", "test_com/foo", null, null)]
    [InlineData("test:5000/repo", "test:5000", "repo", null, null)]
    [InlineData("test/foo", "docker.io", "test/foo", null, null)]
    [InlineData("a/b/c/d:x", "docker.io", "a/b/c/d", "x", null)]
    [InlineData("127.0.0.1:5000/blah", "127.0.0.1:5000", "blah", null, null)]
    [InlineData("[::1]:5000/x:1", "[::1]:5000", "x", "1", null)]
    [InlineData("[2001:db8::1]/x", "[2001:db8::1]", "x", null, null)]
    [InlineData("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com", "myimage", "xn--n3h.com", null)]
    [InlineData("foo/foo_bar.com:8080", "docker.io", "foo/foo_bar.com", "8080", null)]
    [InlineData("foo_bar.com:8080", "docker.io", "library/foo_bar.com", "8080", null)]
    [InlineData("aa/asdf$$^/aa", null, null, null, null)]
    [InlineData("alpine:_x", "docker.io", "library/alpine", "_x", null)]
    [InlineData("alpine:V1.0-RC_1", "docker.io", "library/alpine", "V1.0-RC_1", null)]
    public void Parse_Text_FollowsDockersRules(string text, string? registry, string? repository, string? tag, string? digest)
    {
        if (registry is null)
        {
            Assert.Throws<FormatException>(() => ImageReference.Parse(text));
            return;
        }

        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal(registry, reference.Registry.ToString());
        Assert.Equal(repository, reference.Repository.Value);
        Assert.Equal(tag, reference.Tag);
        Assert.Equal(digest, reference.Digest?.ToString());
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
        Assert.Equal(reference, ImageReference.Parse(reference.ToFamiliarString()));
    }

    [Theory] // expected: distribution/reference, normalize_test.go and reference_test.go
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":")]
    [InlineData(":justtag")]
    [InlineData("@")]
    [InlineData("@" + D)]
    [InlineData("alpine:")]
    [InlineData("alpine@")]
    [InlineData("alpine:3@")]
    [InlineData("alpine:a:b")]
    [InlineData("alpine@" + D + "@" + D)]
    [InlineData("alpine@" + D + ":tag")]
    [InlineData("repo@sha256:ffffffffffffffffffffffffffffffffff")]
    [InlineData("alpine@sha256:../../x")]
    [InlineData("alpine@sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("validname@invaliddigest:" + Hex)]
    [InlineData("Uppercase:tag")]
    [InlineData("Docker")]
    [InlineData("docker/Docker")]
    [InlineData("localhost/Docker")]
    [InlineData("test:5000/Uppercase/lowercase:tag")]
    [InlineData("lowercase:Uppercase/repo")]
    [InlineData(Hex)]
    [InlineData("/alpine")]
    [InlineData("alpine/")]
    [InlineData("docker.io/")]
    [InlineData("docker.io//alpine")]
    [InlineData("ghcr.io//a")]
    [InlineData("a//b")]
    [InlineData("docker///docker")]
    [InlineData("docker.io/docker///docker")]
    [InlineData("-docker")]
    [InlineData("-docker/docker")]
    [InlineData("-docker.io/docker/docker")]
    [InlineData("_docker/_docker")]
    [InlineData("docker_/docker")]
    [InlineData("docker-/docker")]
    [InlineData("docker.-foo/docker")]
    [InlineData("docker___docker")]
    [InlineData("a..b")]
    [InlineData(".../x")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("alpine:.x")]
    [InlineData("alpine:-x")]
    [InlineData("alpine:x/y")]
    [InlineData("alpine:\u00E9")]
    [InlineData("alpine :3")]
    [InlineData("alpine\n")]
    [InlineData("https://ghcr.io/a/b")]
    [InlineData("docker://alpine")]
    [InlineData("user@ghcr.io/a/b")]
    [InlineData("ghcr.io:port/a")]
    [InlineData("[fe80::1%eth0]:5000/x")]
    [InlineData("[fe80::1%@invalidzone]:5000/repo")]
    [InlineData("[2001:db8::1")]
    public void Parse_MalformedText_ThrowsFormatException(string text)
    {
        Assert.Throws<FormatException>(() => ImageReference.Parse(text));
        Assert.False(ImageReference.TryParse(text, out ImageReference? reference));
        Assert.Null(reference);
    }

    [Fact] // expected: distribution/reference, normalize_test.go: with a registry before it, it is a name
    public void Parse_HexNameInARegistry_IsAName() => Assert.Equal("library/" + Hex, ImageReference.Parse("docker.io/" + Hex).Repository.Value);

    [Fact]
    public void Parse_Null_ThrowsArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>(() => ImageReference.Parse(null!));
        Assert.False(ImageReference.TryParse(null, out _));
    }

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine", "alpine")]
    [InlineData("alpine:3@" + D, "docker.io/library/alpine:3@" + D, "alpine:3@" + D)]
    [InlineData("docker.io/team/x:1", "docker.io/team/x:1", "team/x:1")]
    [InlineData("library/a/b", "docker.io/library/a/b", "library/a/b")]
    [InlineData("ghcr.io/library/x", "ghcr.io/library/x", "ghcr.io/library/x")]
    [InlineData("LOCALHOST:5000/x", "localhost:5000/x", "localhost:5000/x")]
    public void ToString_Reference_WholeAndFamiliar(string text, string whole, string familiar)
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal(whole, reference.ToString());
        Assert.Equal(familiar, reference.ToFamiliarString());
    }

    [Theory] // expected: OCI distribution-spec 1.1, [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}
    [InlineData("a", true)]
    [InlineData("_", true)]
    [InlineData("1.2.3-rc_1", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("-a", false)]
    [InlineData("a+b", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a b", false)]
    [InlineData("..", false)]
    [InlineData("\u00E9", false)]
    [InlineData(null, false)]
    public void IsTag_Text_FollowsTheSpecification(string? text, bool expected) => Assert.Equal(expected, ImageReference.IsTag(text));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void IsTag_LongText_IsBounded(int length, bool expected) => Assert.Equal(expected, ImageReference.IsTag(new string('a', length)));

    [Fact]
    public void With_TagAndDigest_ReturnsCopies()
    {
        ImageReference plain = ImageReference.Parse("ghcr.io/a/b");
        ImageReference tagged = plain.WithTag("1");
        ImageReference pinned = tagged.WithDigest(Digest.Parse(D));

        Assert.Equal("ghcr.io/a/b", plain.ToString());
        Assert.Equal("ghcr.io/a/b:1", tagged.ToString());
        Assert.Equal("ghcr.io/a/b:1@" + D, pinned.ToString());
        Assert.Throws<ArgumentException>(() => plain.WithTag("a b"));
        Assert.Throws<ArgumentNullException>(() => plain.WithTag(null!));
        Assert.Throws<ArgumentNullException>(() => plain.WithDigest(null!));
    }

    [Fact]
    public void Constructor_WrongArguments_Throws()
    {
        RepositoryName name = RepositoryName.Parse("a");
        Assert.Throws<ArgumentException>(() => new ImageReference(RegistryAddress.DockerHub, name, "a b"));
        Assert.Throws<ArgumentNullException>(() => new ImageReference(null!, name));
        Assert.Throws<ArgumentNullException>(() => new ImageReference(RegistryAddress.DockerHub, null!));
    }

    [Fact]
    public void Parse_DamagedText_NothingButFormatException()
    {
        foreach (string valid in (string[])["ghcr.io:443/team/api:1.4@" + D, "alpine:3", "[::1]:5000/x"])
        {
            foreach (byte[] bytes in Damage.Of(Encoding.ASCII.GetBytes(valid), seed: 6, count: 2000))
            {
                string text = Encoding.UTF8.GetString(bytes);
                if (!ImageReference.TryParse(text, out _))
                {
                    Assert.Throws<FormatException>(() => ImageReference.Parse(text));
                }
            }
        }
    }

    [Theory]
    [InlineData("Uppercase/lowercase")]
    [InlineData("Team/api:1.0")]
    [InlineData("0F00/x/x")]
    public void Parse_CapitalInTheFirstComponent_IsRefusedOrReadsBack(string text)
    {
        // Docker takes such a component for a registry. Once lower-cased it is none, and the text would name an image of Docker Hub.
        if (ImageReference.TryParse(text, out ImageReference? reference))
        {
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
        }
    }

    [Fact]
    public void ToString_AnyReferenceThatWasRead_ReadsBack()
    {
        foreach (string valid in (string[])["ghcr.io:443/team/api:1.4@" + D, "alpine:3", "[::1]:5000/x"])
        {
            foreach (byte[] bytes in Damage.Of(Encoding.ASCII.GetBytes(valid), seed: 6, count: 2000))
            {
                if (ImageReference.TryParse(Encoding.UTF8.GetString(bytes), out ImageReference? reference))
                {
                    Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
                }
            }
        }
    }

    [Theory]
    [InlineData("docker.io/localhost/x")]
    [InlineData("docker.io/test.com/foo")]
    public void ToFamiliarString_NameThatLooksLikeARegistry_NamesTheSameImage(string text)
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal(reference, ImageReference.Parse(reference.ToFamiliarString()));
    }
}
