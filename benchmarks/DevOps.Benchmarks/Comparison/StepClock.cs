using System.Runtime.InteropServices;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Adds up the processor time of steps that follow each other on this thread.</summary>
internal sealed class StepClock
{
    private readonly Dictionary<string, TimeSpan> _taken = [];
    private TimeSpan _last;

    internal IReadOnlyDictionary<string, TimeSpan> Taken => _taken;

    internal void Begin() => _last = Environment.CpuUsage.TotalTime;

    /// <summary>Ends a step, and begins the next.</summary>
    internal void End(string step)
    {
        TimeSpan now = Environment.CpuUsage.TotalTime;
        CollectionsMarshal.GetValueRefOrAddDefault(_taken, step, out _) += now - _last;
        _last = now;
    }
}
