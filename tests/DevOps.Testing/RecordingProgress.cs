namespace DevOps.Testing;

/// <summary>Keeps every report, at once and on the caller's thread; <see cref="Progress{T}"/> posts them and tests would have to wait.</summary>
public sealed class RecordingProgress<T> : IProgress<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _reports = [];

    public IReadOnlyList<T> Reports
    {
        get
        {
            lock (_lock)
            {
                return [.. _reports];
            }
        }
    }

    public void Report(T value)
    {
        lock (_lock)
        {
            _reports.Add(value);
        }
    }
}
