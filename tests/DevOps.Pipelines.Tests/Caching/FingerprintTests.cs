using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class FingerprintTests : IDisposable
{
    private readonly TemporaryDirectory _root = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task CaptureAsync_LinkToADirectory_IsRefused()
    {
        _root.Write("src/a", "1");
        _root.Write("libs/l", "1");
        _root.Link("src/libs", "../libs");
        FileSelectionException error = await Assert.ThrowsAsync<FileSelectionException>(() => Fingerprint.Of("build").WithFiles("src/**").CaptureAsync(_root.Path, cancellationToken: Cancellation));
        Assert.Contains("'src/libs' cannot be taken: it is a symbolic link to the directory 'libs'", error.Message, StringComparison.Ordinal);
    }


    [Fact]
    public async Task CaptureAsync_SameInputsInAnotherOrderAndAtAnotherTime_IsTheSame()
    {
        _root.Write("src/a.cs", "a");
        _root.Write("src/b.cs", "b");
        Fingerprint one = Fingerprint.Of("build").WithVersion("1").WithFiles("src/**").WithValue("os", "linux").WithResult("restore", "r"u8);
        Fingerprint other = Fingerprint.Of("build").WithResult("restore", "r"u8).WithValue("os", "linux").WithFiles("src/**").WithVersion("1");
        FingerprintRecord first = await one.CaptureAsync(_root.Path, cancellationToken: Cancellation);

        File.SetLastWriteTimeUtc(_root.PathOf("src/a.cs"), DateTime.UnixEpoch);
        FingerprintRecord second = await other.CaptureAsync(_root.Path, new() { MaxConcurrency = 1, MaxRecordedFiles = 0 }, Cancellation);

        Assert.Equal(first.Digest, second.Digest);
        Assert.Empty(first.ChangesSince(second));
    }

    [Fact] // A recorded digest must mean the same in the next version: computed once by another program (python3 hashlib, the bytes as InputHash describes them).
    public async Task CaptureAsync_KnownInputs_HasTheKnownDigest()
    {
        FingerprintRecord record = await Fingerprint.Of("build").WithVersion("1").CaptureAsync(_root.Path, cancellationToken: Cancellation);

        static byte[] Field(byte[] bytes) => [.. BitConverter.GetBytes((long)bytes.Length), .. bytes];
        string version = Digest.Compute("\u00011"u8).Hex;
        byte[] expected = [.. Field("devops fingerprint 1"u8.ToArray()), .. Field("build"u8.ToArray()), 0, .. Field("version"u8.ToArray()), .. Field(Encoding.ASCII.GetBytes(version))];
        Assert.Equal(Digest.Compute(expected), record.Digest);
        Assert.Equal("90c6d098d60465804f4d6c8b45219b3d084d9f74a6af8f9b3abf645efc24065b", record.Digest.Hex);
    }

    [Fact] // Same size, same time: only the content tells.
    public async Task CaptureAsync_OtherContentOfTheSameSizeAndTime_IsAnother()
    {
        string file = _root.Write("a", "11");
        DateTime time = File.GetLastWriteTimeUtc(file);
        FingerprintRecord before = await CaptureAsync("a");
        File.WriteAllText(file, "22");
        File.SetLastWriteTimeUtc(file, time);

        Assert.Equal("files 'a' changed: a changed", Assert.Single((await CaptureAsync("a")).ChangesSince(before)).ToString());
    }

    [Fact]
    public async Task CaptureAsync_VariableNotSetEmptyOrNull_AreThreeThings()
    {
        string[] digests = await Task.WhenAll(
            DigestOf([]), DigestOf(new() { ["A"] = "" }), DigestOf(new() { ["A"] = "null" }), DigestOf(new() { ["A"] = "\0" }));

        Assert.Equal(4, digests.Distinct().Count());
        Assert.Equal(digests[1], await DigestOf(new() { ["A"] = "", ["B"] = "not named" }));

        async Task<string> DigestOf(Dictionary<string, string> environment) =>
            (await Fingerprint.Of("x").WithVariables(environment, "A").CaptureAsync(_root.Path, cancellationToken: Cancellation)).Digest.Hex;
    }

    [Fact] // Where a name ends and a value begins, what is a value and what a variable: nothing runs together.
    public async Task CaptureAsync_ValuesThatRunTogether_AreTold()
    {
        Dictionary<string, string> environment = new() { ["ab"] = "c" };
        Fingerprint[] all =
        [
            Fingerprint.Of("x").WithValue("a", "bc"), Fingerprint.Of("x").WithValue("ab", "c"), Fingerprint.Of("xa").WithValue("b", "c"), Fingerprint.Of("x").WithVariables(environment, "ab"),
            Fingerprint.Of("x").WithResult("ab", "c"u8), Fingerprint.Of("x").WithVersion("abc"), Fingerprint.Of("x").WithValue("ab", null), Fingerprint.Of("x").WithValue("a", "b").WithValue("c", ""),
        ];

        FingerprintRecord[] records = await Task.WhenAll(all.Select(fingerprint => fingerprint.CaptureAsync(_root.Path, cancellationToken: Cancellation)));

        Assert.Equal(all.Length, records.Select(record => record.Digest).Distinct().Count());
    }

    [Fact]
    public async Task CaptureAsync_FileMovedContentSwappedOrMadeExecutable_IsAnother()
    {
        _root.Write("a", "1");
        _root.Write("b", "2");
        HashSet<Digest> seen = [(await CaptureAsync("*")).Digest];

        _root.Write("a", "2");
        _root.Write("b", "1");
        Assert.True(seen.Add((await CaptureAsync("*")).Digest));
        File.Move(_root.PathOf("b"), _root.PathOf("c"));
        Assert.True(seen.Add((await CaptureAsync("*")).Digest));
        File.SetUnixFileMode(_root.PathOf("c"), (UnixFileMode)0x1ED);
        Assert.True(seen.Add((await CaptureAsync("*")).Digest));
        File.SetUnixFileMode(_root.PathOf("c"), (UnixFileMode)0x1C0);
        Assert.False(seen.Add((await CaptureAsync("*")).Digest));
    }

    [Fact]
    public async Task CaptureAsync_LinkOrWhatItLeadsTo_Counts()
    {
        _root.Write("configs/prod", "1");
        _root.Write("configs/test", "1");
        _root.Link("config", "configs/prod");
        HashSet<Digest> seen = [(await CaptureAsync("config")).Digest];

        _root.Write("configs/prod", "2");
        Assert.True(seen.Add((await CaptureAsync("config")).Digest));
        _root.Write("configs/test", "2");
        File.Delete(_root.PathOf("config"));
        _root.Link("config", "configs/test");
        Assert.True(seen.Add((await CaptureAsync("config")).Digest));
        File.Delete(_root.PathOf("configs/test"));
        Assert.True(seen.Add((await CaptureAsync("config")).Digest));
    }

    [Fact]
    public async Task CaptureAsync_LargeFile_CountsToItsEnd()
    {
        byte[] bytes = new byte[200_000];
        _root.Write("a", bytes);
        FingerprintRecord before = await CaptureAsync("a");
        bytes[^1] = 1;
        _root.Write("a", bytes);

        Assert.NotEqual(before.Digest, (await CaptureAsync("a")).Digest);
    }

    [Fact]
    public async Task CaptureAsync_PatternsThatChooseNothing_Fail()
    {
        _root.Write("a");

        UnmatchedPatternException error = await Assert.ThrowsAsync<UnmatchedPatternException>(() => CaptureAsync("srcc/**"));
        Assert.Contains("'srcc/**'", error.Message, StringComparison.Ordinal);
        await CaptureAsync("srcc/**", "a");
        await Assert.ThrowsAsync<UnmatchedPatternException>(() => Fingerprint.Of("x").WithFiles("b", "a").CaptureAsync(_root.Path, new() { Unmatched = UnmatchedPatterns.Fail }, Cancellation));
        await Fingerprint.Of("x").WithFiles("b").CaptureAsync(_root.Path, new() { Unmatched = UnmatchedPatterns.Allow }, Cancellation);
    }

    [Fact]
    public async Task CaptureAsync_MoreThanAllowed_Fails()
    {
        _root.Write("a", "123");
        _root.Write("b", "123");

        await Assert.ThrowsAsync<FileLimitException>(() => Fingerprint.Of("x").WithFiles("*").CaptureAsync(_root.Path, new() { MaxFiles = 1 }, Cancellation));
        await Assert.ThrowsAsync<FileLimitException>(() => Fingerprint.Of("x").WithFiles("*").CaptureAsync(_root.Path, new() { MaxBytes = 5 }, Cancellation));
    }

    [Fact]
    public async Task CaptureAsync_Cancelled_Stops()
    {
        _root.Write("a", "123");
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fingerprint.Of("x").WithFiles("*").CaptureAsync(_root.Path, cancellationToken: stop.Token));
    }

    [Fact]
    public void With_TheSameTwice_IsRefused()
    {
        Fingerprint fingerprint = Fingerprint.Of("x").WithVersion("1").WithFiles("a").WithValue("v", "1").WithResult("j", "1"u8);

        Assert.Throws<ArgumentException>(() => fingerprint.WithVersion("2"));
        Assert.Throws<ArgumentException>(() => fingerprint.WithFiles("a"));
        Assert.Throws<ArgumentException>(() => fingerprint.WithValue("v", "1"));
        Assert.Throws<ArgumentException>(() => fingerprint.WithResult("j", "2"u8));
        Assert.Throws<ArgumentException>(() => fingerprint.WithVariables(new Dictionary<string, string>(), "A", "A"));
    }

    [Fact]
    public async Task ChangesSince_EveryKind_IsNamed()
    {
        _root.Write("src/same", "1");
        _root.Write("src/edited", "1");
        _root.Write("src/gone", "1");
        FingerprintRecord before = await Fingerprint.Of("x").WithVersion("1").WithFiles("sources", FilePatterns.Of("src")).WithValue("old", "1").WithResult("j", "1"u8).CaptureAsync(_root.Path, cancellationToken: Cancellation);
        _root.Write("src/edited", "2");
        _root.Write("src/fresh", "1");
        File.Delete(_root.PathOf("src/gone"));
        FingerprintRecord after = await Fingerprint.Of("x").WithVersion("2").WithFiles("sources", FilePatterns.Of("src")).WithValue("new", "1").WithResult("j", "1"u8).CaptureAsync(_root.Path, cancellationToken: Cancellation);

        ImmutableArray<InputChange> changes = after.ChangesSince(before);

        Assert.Equal(
            ["version changed", "files 'sources' changed: src/edited changed, src/fresh added, src/gone removed", "value 'new' added", "value 'old' removed"],
            changes.Select(change => change.ToString()));
        Assert.Equal("files 'sources' changed: src/edited changed and 2 more", after.ChangesSince(before, maxFiles: 1)[1].ToString());
        Assert.Equal((3, 1), (after.ChangesSince(before, 1)[1].FileCount, after.ChangesSince(before, 1)[1].Files.Length));
    }

    [Fact]
    public async Task Json_ThereAndBack_IsTheSame()
    {
        _root.Write("\u00E9\"\\", "1");
        _root.Write("b", "1");
        FingerprintRecord record = await Fingerprint.Of("x").WithVersion("1").WithFiles("*").WithValue("v", null).CaptureAsync(_root.Path, cancellationToken: Cancellation);

        FingerprintRecord read = FingerprintRecord.FromJson(JsonDocument.Parse(Write(record)).RootElement);

        Assert.Equal(record.Digest, read.Digest);
        Assert.Equal(record.Inputs.SelectMany(input => input.Files), read.Inputs.SelectMany(input => input.Files));
        Assert.Equal(2, read.Inputs.Single(input => input.Kind == FingerprintInputKind.Files).Files.Length);
    }

    [Fact]
    public async Task FromJson_Damaged_IsRefusedInOneWay()
    {
        _root.Write("a", "1");
        byte[] json = Write(await Fingerprint.Of("x").WithVersion("1").WithFiles("*").CaptureAsync(_root.Path, cancellationToken: Cancellation));

        Assert.Throws<InvalidContentException>(() => FingerprintRecord.FromJson(JsonDocument.Parse(Encoding.UTF8.GetString(json).Replace("\"x\"", "\"y\"", StringComparison.Ordinal)).RootElement));
        foreach (byte[] bytes in Damage.Of(json, 5, 3000))
        {
            try
            {
                FingerprintRecord.FromJson(JsonDocument.Parse(bytes).RootElement);
            }
            catch (Exception e) when (e is JsonException or InvalidContentException)
            {
            }
        }
    }

    private Task<FingerprintRecord> CaptureAsync(params string[] patterns) => Fingerprint.Of("x").WithFiles(patterns).CaptureAsync(_root.Path, cancellationToken: Cancellation);

    private static byte[] Write(FingerprintRecord record)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            record.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
