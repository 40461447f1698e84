using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class SecretSourcesTests
{
    private const string Value = "s3cret-value";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Environment_SetVariable_IsFoundWithItsName()
    {
        EnvironmentSecrets source = new(new Dictionary<string, string?> { ["TOKEN"] = Value, ["EMPTY"] = "", ["NONE"] = null });

        Secret? secret = await source.FindAsync("TOKEN", Cancellation);

        Assert.Equal(Value, secret!.Reveal());
        Assert.Equal("TOKEN", secret.Name);
        Assert.Null(await source.FindAsync("EMPTY", Cancellation));
        Assert.Null(await source.FindAsync("NONE", Cancellation));
        Assert.Null(await source.FindAsync("token", Cancellation));
    }

    [Theory]
    [InlineData(Value, Value)]
    [InlineData(Value + "\n", Value)]
    [InlineData(Value + "\r\n", Value)]
    [InlineData(Value + "\n\n", Value + "\n")]
    [InlineData("\uFEFF" + Value, Value)]
    [InlineData(" a\nb ", " a\nb ")]
    [InlineData("\n", null)]
    [InlineData("", null)]
    public async Task Files_File_GivesItsTextWithoutOneLineEnd(string content, string? expected)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "token"), content, Cancellation);

        Assert.Equal(expected, (await new FileSecrets(directory.Path).FindAsync("token", Cancellation))?.Reveal());
    }

    [Fact]
    public async Task Files_MountAsKubernetesMakesIt_IsFollowed()
    {
        Shell.Require();
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        Directory.CreateDirectory(Path.Combine(directory.Path, "..2026_01_01"));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "..2026_01_01", "tls.key"), Value, Cancellation);
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "..data"), "..2026_01_01");
        File.CreateSymbolicLink(Path.Combine(directory.Path, "tls.key"), "..data/tls.key");

        Assert.Equal(new Secret(Value), await new FileSecrets(directory.Path).FindAsync("tls.key", Cancellation));
    }

    [Fact]
    public async Task Files_NoSuchFileOrDirectory_IsNotFound()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        Directory.CreateDirectory(Path.Combine(directory.Path, "folder"));

        Assert.Null(await new FileSecrets(directory.Path).FindAsync("token", Cancellation));
        Assert.Null(await new FileSecrets(directory.Path).FindAsync("folder", Cancellation));
        Assert.Null(await new FileSecrets(Path.Combine(directory.Path, "none")).FindAsync("token", Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../token")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("c:token")]
    [InlineData("..data")]
    [InlineData("a\0b")]
    public async Task Files_NameThatIsAPath_IsRefused(string name)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string inner = Path.Combine(directory.Path, "inner");
        Directory.CreateDirectory(inner);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "token"), Value, Cancellation);

        await Assert.ThrowsAsync<ArgumentException>(async () => await new FileSecrets(inner).FindAsync(name, Cancellation));
    }

    [Fact]
    public async Task Files_TooLargeOrNoText_FailsWithoutShowingIt()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "large"), new string('x', SecretMasker.MaxSecretBytes + 1), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "limit"), new string('x', SecretMasker.MaxSecretBytes), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(directory.Path, "binary"), [0x61, 0xc5, 0x0a], Cancellation);
        FileSecrets source = new(directory.Path);

        SecretSourceException large = await Assert.ThrowsAsync<SecretSourceException>(async () => await source.FindAsync("large", Cancellation));
        SecretSourceException binary = await Assert.ThrowsAsync<SecretSourceException>(async () => await source.FindAsync("binary", Cancellation));

        Assert.Contains("larger than 65536 bytes", large.Message, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", binary.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("C5", binary.ToString(), StringComparison.Ordinal);
        Assert.Equal(("binary", source.Name), (binary.SecretName, binary.SourceName));
        Assert.Equal(SecretMasker.MaxSecretBytes, (await source.FindAsync("limit", Cancellation))!.Reveal().Length);
    }

    [Fact]
    public async Task Command_RealProgram_GivesItsOutputOnly()
    {
        Shell.Require();
        CommandSecrets source = new("/bin/sh", name => ["-c", "echo noise >&2; printf '%s\\n' \"$1\" 'second line'", "sh", $"{name} $(id) 'x"]);

        Assert.Equal("ci/token $(id) 'x\nsecond line", (await source.FindAsync("ci/token", Cancellation))!.Reveal());
    }

    [Fact]
    public async Task Command_NoOutput_IsNotFound()
    {
        Shell.Require();

        Assert.Null(await new CommandSecrets("true", _ => []).FindAsync("token", Cancellation));
    }

    [Fact]
    public async Task Command_Fails_ShowsTheCodeAndNothingThatItWrote()
    {
        Shell.Require();
        CommandSecrets source = new("/bin/sh", _ => ["-c", $"echo {Value}; echo {Value} >&2; exit 3"]);

        SecretSourceException error = await Assert.ThrowsAsync<SecretSourceException>(async () => await source.FindAsync("token", Cancellation));

        Assert.Contains("ended with code 3", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, error.ToString(), StringComparison.Ordinal);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public async Task Command_TooMuchOutput_Fails()
    {
        Shell.Require();
        foreach (int length in (int[])[SecretMasker.MaxSecretBytes + 1, 200_000, 2_000_000])
        {
            CommandSecrets source = new("/bin/sh", _ => ["-c", $"head -c {length} /dev/zero | tr '\\0' x"]);

            SecretSourceException error = await Assert.ThrowsAsync<SecretSourceException>(async () => await source.FindAsync("token", Cancellation));
            Assert.Contains("more than 65536 characters", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_NameThatLooksLikeAnOption_IsRefusedBeforeItRuns()
    {
        CommandSecrets source = new("program", name => [name], (_, _, _, _) => throw new InvalidOperationException("It ran."));

        await Assert.ThrowsAsync<ArgumentException>(async () => await source.FindAsync("--help", Cancellation));
    }

    [Fact]
    public async Task Chain_FirstThatAnswers_Wins()
    {
        ChainedSecrets chain = new(Environment("A", "one"), Environment("A", "two"), Environment("B", "three"));

        Assert.Equal("one", (await chain.FindAsync("A", Cancellation))!.Reveal());
        Assert.Equal("three", (await chain.FindAsync("B", Cancellation))!.Reveal());
        Assert.Null(await chain.FindAsync("C", Cancellation));
    }

    [Fact]
    public async Task Chain_OneFails_AsksNoOther()
    {
        CommandSecrets failing = new("vault", _ => [], (_, _, _, _) => throw new ProcessFailedException("vault", 2, Value));
        ChainedSecrets chain = new(failing, Environment("A", "one"));

        SecretSourceException error = await Assert.ThrowsAsync<SecretSourceException>(async () => await chain.GetAsync("A", Cancellation));

        Assert.Equal("the program 'vault'", error.SourceName);
        Assert.DoesNotContain(Value, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_NotFound_NamesTheSecretAndEverySource()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        ChainedSecrets chain = new(Environment("A", Value), new ChainedSecrets(new FileSecrets(directory.Path)), new CommandSecrets("pass", _ => [], (_, _, _, _) => Task.FromResult("\n")));

        SecretNotFoundException error = await Assert.ThrowsAsync<SecretNotFoundException>(async () => await chain.GetAsync("deploy-key", Cancellation));

        Assert.Equal("deploy-key", error.SecretName);
        Assert.Equal(["the environment", $"the files of '{directory.Path}'", "the program 'pass'"], error.Sources);
        Assert.StartsWith($"There is no secret 'deploy-key', or it is empty. Asked were: the environment; the files of '{directory.Path}'; the program 'pass'.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_Found_ReturnsIt() => Assert.Equal(Value, (await Environment("A", Value).GetAsync("A", Cancellation)).Reveal());

    [Fact]
    public async Task FindAsync_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Environment("A", Value).FindAsync("A", source.Token));
    }

    private static EnvironmentSecrets Environment(string name, string value) => new(new Dictionary<string, string?> { [name] = value });
}
