using System.Text;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorJournalDamageTests
{
    private static readonly Digest Definition = Digest.Compute("definition"u8);
    private static readonly PlatformSelection Amd64 = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxAmd64);

    private readonly VirtualTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Open_CutAtEachByte_KnowsEveryWholeLineAndGoesOn()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
        {
            journal.Begin(Definition);
            foreach (string tag in (string[])["a", "b", "c"])
            {
                Note(journal, tag);
            }
        }

        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
            {
                journal.Begin(Definition);

                // The last line may be whole without its end.
                int known = ((string[])["a", "b", "c"]).Count(tag => journal.FindDone(From(tag), To(tag), PlatformSelection.All) is not null);
                int lines = Encoding.UTF8.GetString(whole, 0, length).Count(c => c == '\n');
                Assert.InRange(known, Math.Max(0, lines - 1), lines);
                Note(journal, "d");
            }

            using MirrorJournal again = MirrorJournal.Open(path, timeProvider: _clock);
            again.Begin(Definition);
            Assert.NotNull(again.FindDone(From("d"), To("d"), PlatformSelection.All));
        }
    }

    [Theory]
    [InlineData("""{"event":"done","event":"done","at":"1970-01-01T00:00:00Z"}""")]
    [InlineData("""{"event":"done","at":"1970-01-01T00:00:00Z","target":"\ud800"}""")]
    [InlineData("""{"event":"done","at":"1970-01-01T00:00:00Z","target":7,"digest":[],"outcome":"99"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""["event"]""")]
    [InlineData("\0\0\0\0")]
    [InlineData("")]
    public void Open_LineThatNobodyWrote_IsPassedOver(string line)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
        {
            journal.Begin(Definition);
            Note(journal, "a");
        }

        File.AppendAllText(path, line + "\n");
        using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: _clock);
        reopened.Begin(Definition);
        Assert.NotNull(reopened.FindDone(From("a"), To("a"), PlatformSelection.All));
    }

    [Fact]
    public void Open_RandomDamage_NeverThrows()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
        {
            journal.Begin(Definition);
            Note(journal, "a");
            journal.NoteDeletion(To("b"));
        }

        foreach (byte[] damaged in Damage.Of(File.ReadAllBytes(path), 21, 1000).Concat(Damage.Noise(22, 100)))
        {
            File.WriteAllBytes(path, damaged);
            using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: _clock);
            reopened.Begin(Definition);
        }
    }

    [Fact]
    public void Open_LongLine_IsPassedOverWithoutBeingKept()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
        {
            journal.Begin(Definition);
            Note(journal, "a");
        }

        using (FileStream file = File.Open(path, FileMode.Append))
        {
            byte[] part = new byte[1 << 20];
            Array.Fill(part, (byte)' ');
            for (int i = 0; i < 64; i++)
            {
                file.Write(part);
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: _clock);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        reopened.Begin(Definition);
        Assert.NotNull(reopened.FindDone(From("a"), To("a"), PlatformSelection.All));
    }

    [Fact]
    public void Open_ManyRuns_KeepsWhatCountsAndForgetsTheRest()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        Digest source = Digest.Compute("source"u8);
        Digest made = Digest.Compute("made"u8);
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: _clock))
        {
            for (int run = 0; run < 1000; run++)
            {
                journal.Begin(Definition);
                Note(journal, "a");
                journal.NoteDone(new(From("b"), To("b"), MirrorOutcome.UpToDate) { Digest = made }, source, Amd64);
                journal.Finish();
            }

            // One that is cut off, and had removed something.
            journal.Begin(Definition);
            Note(journal, "a");
            journal.NoteDeletion(To("c"));
        }

        long before = new FileInfo(path).Length;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        MirrorJournal.Open(path, timeProvider: _clock).Dispose();
        Assert.InRange(new FileInfo(path).Length, 1, before / 100);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));

        using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: _clock);
        Assert.ThrowsAny<IOException>(() => MirrorJournal.Open(path));
        reopened.Begin(Definition);
        Assert.Equal(made, reopened.FindMade(To("b"), source, Amd64));
        Assert.NotNull(reopened.FindDone(From("a"), To("a"), PlatformSelection.All));
        Assert.Null(reopened.FindDone(From("b"), To("b"), Amd64));
        Assert.Equal(1, reopened.CountDeletions(To("c").Registry, To("c").Repository));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    [InlineData(-1, false)]
    public void Begin_AgeOfTheRun_DecidesWhetherItGoesOn(int minutes, bool goesOn)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("journal");
        VirtualTimeProvider first = new(DateTimeOffset.UnixEpoch.AddYears(1));
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: first))
        {
            journal.Begin(Definition);
            Note(journal, "a");
        }

        using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: new VirtualTimeProvider(first.GetUtcNow().AddMinutes(minutes)));
        reopened.Begin(Definition);
        Assert.Equal(goesOn, reopened.FindDone(From("a"), To("a"), PlatformSelection.All) is not null);
    }

    [Fact]
    public void FindMade_OtherVersionOfTheOperatingSystem_IsNotTheSameChoice()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        using MirrorJournal journal = MirrorJournal.Open(directory.PathOf("journal"), timeProvider: _clock);
        Digest source = Digest.Compute("source"u8);
        PlatformSelection old = PlatformSelection.NewIndex(AttestationManifests.Keep, new Platform("windows", "amd64") { OsVersion = "10.0.17763.1" });
        PlatformSelection recent = PlatformSelection.NewIndex(AttestationManifests.Keep, new Platform("windows", "amd64") { OsVersion = "10.0.20348.1" });
        journal.NoteDone(new(From("a"), To("a"), MirrorOutcome.Copied) { Digest = Digest.Compute("made"u8) }, source, old);
        Assert.NotNull(journal.FindMade(To("a"), source, old));
        Assert.Null(journal.FindMade(To("a"), source, recent));
        Assert.NotEqual(old, recent);
    }

    [Fact]
    public async Task RunAsync_TwoRulesOverOneTag_AreBothFollowed()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(TestContext.Current.CancellationToken);
        await fixture.AddAsync("1", TestContext.Current.CancellationToken);
        using MirrorJournal journal = MirrorJournal.Open(fixture.Directory.PathOf("journal"));
        MirrorResult result = await new Mirror(fixture.Client, new() { Journal = journal }).RunAsync(new(fixture.Rule, fixture.Rule), null, TestContext.Current.CancellationToken);
        Assert.Equal([MirrorOutcome.Copied, MirrorOutcome.UpToDate], result.Tags.Select(tag => tag.Outcome));
    }

    private static ImageReference From(string tag) => ImageReference.Parse($"source.example/team/api:{tag}");

    private static ImageReference To(string tag) => ImageReference.Parse($"target.example/mirror/api:{tag}");

    private static void Note(MirrorJournal journal, string tag) =>
        journal.NoteDone(new(From(tag), To(tag), MirrorOutcome.UpToDate) { Digest = Digest.Compute(Encoding.UTF8.GetBytes(tag)) }, Digest.Compute(Encoding.UTF8.GetBytes(tag)), PlatformSelection.All);
}
