using System.Text;

namespace DevOps.Pipelines.Tests;

/// <summary>Keeps what a process writes; tells when a text has come.</summary>
internal sealed class RecordingSink(string wanted = "") : IProcessSink
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    internal Task WantedCame => _come.Task;

    public void Write(LogSource source, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _text.Append(Encoding.UTF8.GetString(bytes));
            if (_text.ToString().Contains(wanted, StringComparison.Ordinal))
            {
                _come.TrySetResult();
            }
        }
    }
}
