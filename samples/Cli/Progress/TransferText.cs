using System.Globalization;
using DevOps.Archives.Packing;

namespace Cli;

/// <summary>Says figures of a transfer in one line.</summary>
internal static class TransferText
{
    private const int MinCells = 10;
    private const int MaxCells = 30;

    /// <summary>Returns the line of a terminal: all that fits into its width, the least important left away first.</summary>
    internal static string Bar(TransferFigures figures, int columns, string prefix = "")
    {
        // A line as wide as the terminal would move the cursor to the next.
        int room = Math.Max(1, columns - 1);
        string percent = Percent(figures) is { } text ? text + " " : "";
        string full = $"{percent}{Amount(figures)}{Rest(figures)}";
        int cells = Math.Min(MaxCells, room - prefix.Length - full.Length - "[] ".Length);
        string bar = figures.Part is { } part && cells >= MinCells ? $"[{new string('#', (int)(part * cells)).PadRight(cells, '.')}] " : "";
        string[] lines = [$"{prefix}{bar}{full}", full, $"{percent}{Output.Bytes(figures.DoneBytes)}{Left(figures)}", $"{percent}{Output.Bytes(figures.DoneBytes)}", percent.Trim()];
        return lines.FirstOrDefault(line => line.Length <= room) ?? "";
    }

    /// <summary>Returns a line of a log.</summary>
    internal static string Line(TransferFigures figures, string prefix = "") => $"{prefix}{Amount(figures)}{(Percent(figures) is { } percent ? $" ({percent.Trim()})" : "")}{Rest(figures)}";

    /// <summary>Returns how far layers are that are being made: nobody knows how much there will be.</summary>
    internal static string Packing(PackProgress packed, TimeSpan elapsed, int columns)
    {
        string shortest = $"packed {Output.Bytes(packed.CompressedBytes)}";
        string full = $"{shortest} into {Output.Bytes(packed.WrittenBytes)}";
        string[] lines = [elapsed >= TransferFigures.FirstSpeedAfter ? $"{full}, {Output.Bytes((long)(packed.CompressedBytes / elapsed.TotalSeconds))}/s" : full, full, shortest];
        return lines.FirstOrDefault(line => line.Length < columns) ?? "";
    }

    /// <summary>Returns what is said at the end.</summary>
    internal static string Summary(TransferFigures figures)
    {
        string present = figures.Present > 0 ? $"; {figures.Present} already there" : "";
        if (figures.Finished == 0)
        {
            return $"nothing to move{present}";
        }

        string speed = figures.Elapsed.TotalSeconds > 0 && figures.DoneBytes > 0 ? $", {Output.Bytes((long)(figures.DoneBytes / figures.Elapsed.TotalSeconds))}/s" : "";
        return $"moved {figures.Finished} {(figures.Finished == 1 ? "piece" : "pieces")}, {Output.Bytes(figures.DoneBytes)} in {(figures.Elapsed.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{figures.Elapsed.TotalSeconds:F1} s") : Time(figures.Elapsed))}{speed}{present}";
    }

    private static string? Percent(TransferFigures figures) =>

        // Not rounded up: 100 % is when all is there.
        figures.Part is { } part ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(part * 100),3:F0} %") : null;

    private static string Amount(TransferFigures figures) => figures.TotalBytes is { } total ? $"{Output.Bytes(figures.DoneBytes)} of {Output.Bytes(total)}" : $"{Output.Bytes(figures.DoneBytes)}";

    private static string Rest(TransferFigures figures) => $"{(figures.BytesPerSecond is { } speed ? $", {Output.Bytes((long)speed)}/s" : "")}{Left(figures)}";

    private static string Left(TransferFigures figures) => figures.Remaining is { } left ? $", {Time(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))} left" : "";

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
