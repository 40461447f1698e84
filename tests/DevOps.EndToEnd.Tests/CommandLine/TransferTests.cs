using Cli;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.EndToEnd.Tests.CommandLine;

/// <summary>Events and their times become lines; no clock, no terminal.</summary>
public sealed class TransferTests
{
    private const long MiB = 1 << 20;

    private readonly Transfer _transfer = new();

    [Fact]
    public void Bar_PlannedTransfer_TellsPartBytesSpeedAndTimeLeft()
    {
        _transfer.Plan([Content("a", 10 * MiB), Content("b", 30 * MiB)]);
        Tell("a", 10 * MiB, ContentPhase.Started, 0, 0);
        Tell("a", 10 * MiB, ContentPhase.Advanced, 5 * MiB, 1);
        Tell("a", 10 * MiB, ContentPhase.Advanced, 10 * MiB, 2);
        Tell("a", 10 * MiB, ContentPhase.Copied, 10 * MiB, 2);

        // Ten mebibytes in two seconds, thirty to go: six more.
        Assert.Equal("[#######.......................]  25 % 10.0 MiB of 40.0 MiB, 5.0 MiB/s, 0:06 left", Bar(2, 100));
    }

    [Theory]
    [InlineData(90, "[#####.........................]  17 % 7.0 MiB of 40.0 MiB, 1.0 MiB/s, 0:33 left")]
    [InlineData(72, "[###..................]  17 % 7.0 MiB of 40.0 MiB, 1.0 MiB/s, 0:33 left")]
    [InlineData(60, " 17 % 7.0 MiB of 40.0 MiB, 1.0 MiB/s, 0:33 left")]
    [InlineData(40, " 17 % 7.0 MiB, 0:33 left")]
    [InlineData(20, " 17 % 7.0 MiB")]
    [InlineData(8, "17 %")]
    [InlineData(3, "")]
    public void Bar_NarrowTerminal_LeavesTheLeastImportantAwayAndNeverWraps(int columns, string expected)
    {
        _transfer.Plan([Content("a", 40 * MiB)]);
        for (int second = 1; second <= 7; second++)
        {
            Tell("a", 40 * MiB, ContentPhase.Advanced, second * MiB, second);
        }

        string bar = Bar(7, columns);

        Assert.True(bar.Length < columns, bar);
        Assert.Equal(expected, bar);
    }

    [Fact]
    public void Speed_IsThatOfTheLastSeconds()
    {
        _transfer.Plan([Content("a", 1000 * MiB)]);
        for (int second = 1; second <= 60; second++)
        {
            Tell("a", 1000 * MiB, ContentPhase.Advanced, second * MiB, second);
        }

        for (int second = 61; second <= 68; second++)
        {
            Tell("a", 1000 * MiB, ContentPhase.Advanced, (60 + ((second - 60) * 10)) * MiB, second);
        }

        Assert.Equal(10 * MiB, At(68).BytesPerSecond);
    }

    [Fact]
    public void Speed_TransferStandsStill_FallsToZeroWithoutATimeLeftAndComesBackAtOnce()
    {
        _transfer.Plan([Content("a", 100 * MiB)]);
        Tell("a", 100 * MiB, ContentPhase.Advanced, 8 * MiB, 4);

        Assert.Equal(2 * MiB, At(4).BytesPerSecond);
        Assert.Equal(1 * MiB, At(8).BytesPerSecond);
        Assert.Equal(0, At(30).BytesPerSecond);
        Assert.Null(At(30).Remaining);
        Tell("a", 100 * MiB, ContentPhase.Advanced, 16 * MiB, 60);
        Assert.Equal(1 * MiB, At(60).BytesPerSecond);
    }

    [Fact]
    public void Speed_TooEarly_IsNotSaid()
    {
        _transfer.Plan([Content("a", 10 * MiB)]);
        Tell("a", 10 * MiB, ContentPhase.Advanced, MiB, 0.3);

        Assert.Equal("[###...........................]  10 % 1.0 MiB of 10.0 MiB", Bar(0.3, 100));
    }

    [Fact]
    public void Total_ContentIsThereAlready_DoesNotCountIt()
    {
        _transfer.Plan([Content("a", 10 * MiB), Content("b", 30 * MiB), Content("c", 5 * MiB)]);
        Tell("b", 30 * MiB, ContentPhase.Skipped, 0, 0);
        Tell("c", 5 * MiB, ContentPhase.Mounted, 0, 0);
        Tell("a", 10 * MiB, ContentPhase.Copied, 10 * MiB, 4);

        TransferFigures figures = At(4);
        Assert.Equal((10 * MiB, 10 * MiB, 1.0), (figures.DoneBytes, figures.TotalBytes, figures.Part));
        Assert.Equal("moved 1 piece, 10.0 MiB in 4.0 s, 2.5 MiB/s; 2 already there", TransferText.Summary(figures));
    }

    [Fact]
    public void Upload_BeginsAnew_GoesBackWithoutANegativeSpeed()
    {
        _transfer.Plan([Content("a", 10 * MiB)]);
        Tell("a", 10 * MiB, ContentPhase.Advanced, 9 * MiB, 2);
        Tell("a", 10 * MiB, ContentPhase.Advanced, 9 * MiB, 8);
        Tell("a", 10 * MiB, ContentPhase.Started, 0, 10.5);
        Tell("a", 10 * MiB, ContentPhase.Advanced, MiB, 11);

        TransferFigures figures = At(11);
        Assert.Equal(MiB, figures.DoneBytes);
        Assert.Equal(0, figures.BytesPerSecond);
    }

    [Fact]
    public void Percent_NotAllIsThere_IsNotAHundred()
    {
        _transfer.Plan([Content("a", 1000 * MiB)]);
        Tell("a", 1000 * MiB, ContentPhase.Advanced, (1000 * MiB) - 1, 10);

        Assert.StartsWith("1000.0 MiB of 1000.0 MiB (99 %)", TransferText.Line(At(10)), StringComparison.Ordinal);
    }

    // A mirror does not know beforehand how much there is: no part and no time left are made up.
    [Fact]
    public void Bar_NoPlan_TellsBytesAndSpeedOnly()
    {
        Tell("a", 10 * MiB, ContentPhase.Advanced, 4 * MiB, 2);

        Assert.Equal("3 tags seen to, 4.0 MiB, 2.0 MiB/s", TransferText.Bar(At(2), 80, "3 tags seen to, "));
        Assert.Equal("3 tags seen to, 4.0 MiB, 2.0 MiB/s", TransferText.Line(At(2), "3 tags seen to, "));
    }

    [Fact]
    public void Summary_NothingMoved_SaysSo()
    {
        Tell("a", 10 * MiB, ContentPhase.Skipped, 0, 1);

        Assert.Equal("nothing to move; 1 already there", TransferText.Summary(At(1)));
    }

    [Theory]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(90_000, "25:00:00")]
    public void TimeLeft_Hours_AreTold(int seconds, string expected)
    {
        _transfer.Plan([Content("a", (seconds + 2) * MiB)]);
        Tell("a", (seconds + 2) * MiB, ContentPhase.Advanced, MiB, 1);
        Tell("a", (seconds + 2) * MiB, ContentPhase.Advanced, 2 * MiB, 2);

        Assert.EndsWith($", {expected} left", TransferText.Line(At(2)), StringComparison.Ordinal);
    }

    private static Descriptor Content(string name, long sizeBytes) => new(MediaTypes.LayerGzip, Digest.Compute(System.Text.Encoding.ASCII.GetBytes(name)), sizeBytes);

    private void Tell(string name, long sizeBytes, ContentPhase phase, long transferredBytes, double second) =>
        _transfer.Add(new(Content(name, sizeBytes), phase, transferredBytes), TimeSpan.FromSeconds(second));

    private TransferFigures At(double second) => _transfer.At(TimeSpan.FromSeconds(second));

    private string Bar(double second, int columns) => TransferText.Bar(At(second), columns);
}
