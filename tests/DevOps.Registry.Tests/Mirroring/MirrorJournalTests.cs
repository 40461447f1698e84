using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorJournalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(30, true)]
    [InlineData(90, false)]
    public async Task RunAsync_AfterACrash_GoesOnWithARunThatIsNotTooOld(int minutes, bool goesOn)
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("a", Cancellation);
        await fixture.AddAsync("b", Cancellation);
        string path = fixture.Directory.PathOf("journal");
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using (MirrorJournal journal = MirrorJournal.Open(path, timeProvider: clock))
        {
            await fixture.RunAsync(fixture.Rule, Cancellation, new() { Journal = journal, MaxComparisons = 1 });
        }

        // As a crash in the middle of the second tag's line would leave it: started, one done, half a line.
        string[] lines = await File.ReadAllLinesAsync(path, Cancellation);
        Assert.Equal(4, lines.Length);
        await File.WriteAllTextAsync(path, $"{lines[0]}\n{lines[1]}\n{lines[2][..20]}", Cancellation);
        clock.Advance(TimeSpan.FromMinutes(minutes));

        fixture.Watch();
        using MirrorJournal reopened = MirrorJournal.Open(path, timeProvider: clock);
        MirrorResult result = await fixture.RunAsync(fixture.Rule, Cancellation, new() { Journal = reopened });
        Assert.Equal([goesOn ? MirrorOutcome.DoneBefore : MirrorOutcome.UpToDate, MirrorOutcome.UpToDate], result.Tags.Select(tag => tag.Outcome));
        Assert.Equal(goesOn ? 1 : 2, MirrorFixture.Asked(fixture.TargetHost).Length);

        // The run is finished now, so the next one asks about all again.
        Assert.Equal(2, (await fixture.RunAsync(fixture.Rule, Cancellation, new() { Journal = reopened })).Count(MirrorOutcome.UpToDate));
    }

    [Fact]
    public async Task RunAsync_OtherDefinition_BeginsAnew()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("a", Cancellation);
        string path = fixture.Directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path))
        {
            await fixture.RunAsync(fixture.Rule, Cancellation, new() { Journal = journal });
        }

        string[] lines = await File.ReadAllLinesAsync(path, Cancellation);
        await File.WriteAllLinesAsync(path, lines[..2], Cancellation);
        using MirrorJournal reopened = MirrorJournal.Open(path);
        MirrorRule other = fixture.Rule.WithTags(NameFilter.Any.Including(NamePattern.Glob("*")));
        Assert.Equal(1, (await fixture.RunAsync(other, Cancellation, new() { Journal = reopened })).Count(MirrorOutcome.UpToDate));
    }

    [Fact]
    public async Task RunAsync_CrashesWhileRemoving_CountTowardsTheMaximum()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("kept", Cancellation);
        await fixture.AddAsync("old1", Cancellation, fixture.Target);
        MirrorRule rule = fixture.Rule.WithDeletion(new() { MaxTags = 1 });
        string path = fixture.Directory.PathOf("journal");
        using (MirrorJournal journal = MirrorJournal.Open(path))
        {
            Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation, new() { Journal = journal })).Count(MirrorOutcome.Deleted));
        }

        string[] lines = await File.ReadAllLinesAsync(path, Cancellation);
        await File.WriteAllLinesAsync(path, lines[..^1], Cancellation);
        await fixture.AddAsync("old2", Cancellation, fixture.Target);
        using MirrorJournal reopened = MirrorJournal.Open(path);
        MirrorResult result = await fixture.RunAsync(rule, Cancellation, new() { Journal = reopened });
        Assert.Equal(1, result.Count(MirrorOutcome.DeletionRefused));
    }

    [Fact]
    public async Task Open_UsedByAnother_IsRefused()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        using MirrorJournal journal = MirrorJournal.Open(fixture.Directory.PathOf("journal"));
        Assert.ThrowsAny<IOException>(() => MirrorJournal.Open(fixture.Directory.PathOf("journal")));
    }
}
