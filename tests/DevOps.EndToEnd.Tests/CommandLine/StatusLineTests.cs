using Cli;
using DevOps.Content;
using DevOps.Docker;
using DevOps.Oci;
using DevOps.Testing.Time;

namespace DevOps.EndToEnd.Tests.CommandLine;

/// <summary>What is written to a terminal, byte by byte.</summary>
public sealed class StatusLineTests : IDisposable
{
    private const string Clear = "\r\u001b[K";

    private readonly StringWriter _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void Show_SameText_IsWrittenOnce()
    {
        StatusLine status = new(_terminal);
        status.Show("one");
        status.Show("one");
        status.Show("two");
        status.Clear();
        status.Clear();

        Assert.Equal($"\rone\u001b[K\rtwo\u001b[K{Clear}", _terminal.ToString());
    }

    [Fact]
    public void WriteLine_WhileALineIsShown_GoesAboveIt()
    {
        StatusLine status = new(_terminal);
        status.WriteLine("first");
        status.Show("bar");
        status.WriteLine("note");

        Assert.Equal($"first{Environment.NewLine}\rbar\u001b[K{Clear}note{Environment.NewLine}bar", _terminal.ToString());
    }

    [Fact]
    public void Bar_Transfer_IsDrawnByTheClockAndReplacedByASummary()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using TransferProgress progress = new(new(isJson: false, ProgressStyle.Bar, new(_terminal)), clock, () => 60);
        Descriptor content = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[2048]);
        progress.Plan([content]);
        progress.Report(new ContentProgress(content, ContentPhase.Started, 0));
        progress.Report(new ContentProgress(content, ContentPhase.Advanced, 1024));
        Assert.Empty(_terminal.ToString());

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("\r[#####.....]  50 % 1.0 KiB of 2.0 KiB, 1.0 KiB/s, 0:01 left\u001b[K", _terminal.ToString());
        progress.Report(new ContentProgress(content, ContentPhase.Copied, 2048));
        progress.Complete();

        Assert.EndsWith($"\u001b[K{Clear}moved 1 piece, 2.0 KiB in 1.0 s, 2.0 KiB/s{Environment.NewLine}", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_LayersThatAreMade_ShowUntilTheLastIsThere()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using TransferProgress progress = new(new(isJson: false, ProgressStyle.Bar, new(_terminal)), clock, () => 60);
        progress.Report(new LayerProgress("a", new(8192, 4096, 1024), null));
        progress.Report(new LayerProgress("b", new(8192, 4096, 1024), null));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("\rpacked 8.0 KiB into 2.0 KiB, 8.0 KiB/s\u001b[K", _terminal.ToString());

        Descriptor content = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[2048]);
        BuiltLayer built = new() { Descriptor = content, DiffId = content.Digest, UncompressedSizeBytes = 8192, MemberCount = 1, Description = "a" };
        progress.Report(new LayerProgress("a", new(8192, 8192, 2048), built));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith("\rpacked 4.0 KiB into 1.0 KiB, 2.0 KiB/s\u001b[K", _terminal.ToString(), StringComparison.Ordinal);

        progress.Report(new LayerProgress("b", new(8192, 8192, 2048), built));
        progress.Report(new ContentProgress(content, ContentPhase.Copied, 2048));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith("\r2.0 KiB, 682 B/s\u001b[K", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_TransferThatFails_LeavesAnEmptyLine()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using (TransferProgress progress = new(new(isJson: false, ProgressStyle.Bar, new(_terminal)), clock, () => 60))
        {
            Descriptor content = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[2048]);
            progress.Plan([content]);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.EndsWith(Clear, _terminal.ToString(), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith(Clear, _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_Transfer_IsALineAContentAndOneNowAndThen()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using TransferProgress progress = new(new(isJson: false, ProgressStyle.Plain, new(_terminal)), clock);
        Descriptor small = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[1024]);
        Descriptor large = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[30 << 10]);
        progress.Plan([small, large]);
        progress.Report(new ContentProgress(small, ContentPhase.Copied, 1024));
        progress.Report(new ContentProgress(large, ContentPhase.Advanced, 15 << 10));
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal([$"copied   {small.Digest} 1.0 KiB", "16.0 KiB of 31.0 KiB (51 %), 0 B/s"], _terminal.ToString().TrimEnd().Split(Environment.NewLine));
        Assert.DoesNotContain('\u001b', _terminal.ToString());
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Silent")]
    public void Quiet_Transfer_WritesNothing(string name)
    {
        ProgressStyle style = Enum.Parse<ProgressStyle>(name);
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using (TransferProgress progress = new(new(isJson: style == ProgressStyle.Silent, style, new(_terminal)), clock))
        {
            progress.Report(new ContentProgress(Descriptor.EmptyJson, ContentPhase.Copied, 2));
            clock.Advance(TimeSpan.FromMinutes(1));
            progress.Complete();
        }

        Assert.Empty(_terminal.ToString());
    }
}
