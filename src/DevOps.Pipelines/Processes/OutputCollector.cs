using System.Buffers;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Makes lines of what a process writes: all to the log, the first of one stream for the result, the last of both for an error. What is logged and told in errors has passed the filter; the result has not.</summary>
internal sealed class OutputCollector : IProcessSink
{
    private const int LastLineCount = 20;

    private readonly ProcessScope _scope;
    private readonly int _maxOutputLength;
    private readonly StringBuilder _output = new();
    private readonly Queue<string> _last = new();
    private readonly OutputChannel _outputChannel;
    private readonly OutputChannel _errorChannel;
    private bool _full;

    internal OutputCollector(ProcessScope scope, ProcessOptions options)
    {
        (_scope, _maxOutputLength) = (scope, options.MaxOutputLength);
        _outputChannel = new(scope.CreateFilter?.Invoke(options.SecretArguments), (line, _) => Log(LogSource.Output, line), Keep);
        _errorChannel = new(scope.CreateFilter?.Invoke(options.SecretArguments), (line, _) => Log(LogSource.Error, line), null);
    }

    internal string Output => _output.ToString();

    internal string LastLines => string.Join('\n', _last);

    public void Write(LogSource source, ReadOnlySpan<byte> bytes) => (source == LogSource.Output ? _outputChannel : _errorChannel).Write(bytes);

    /// <summary>Tells that no more comes: what was held back, and lines without an end, are passed on.</summary>
    internal void Complete()
    {
        _outputChannel.Complete();
        _errorChannel.Complete();
    }

    private void Log(LogSource source, string line)
    {
        _last.Enqueue(line);
        if (_last.Count > LastLineCount)
        {
            _last.Dequeue();
        }

        _scope.Log(new(_scope.TimeProvider.GetUtcNow(), source, line));
    }

    private void Keep(string line, bool isEnd)
    {
        _full |= _output.Length + line.Length >= _maxOutputLength;
        if (!_full)
        {
            _output.Append(line);
            if (isEnd)
            {
                _output.Append('\n');
            }
        }
    }

    /// <summary>One stream: its bytes are filtered and then cut into lines for the log, and cut as they are for the result.</summary>
    private sealed class OutputChannel(IByteFilter? filter, Action<string, bool> log, Action<string, bool>? keep)
    {
        private readonly ArrayBufferWriter<byte> _passed = new();
        private readonly LineSplitter _logged = new(log);
        private readonly LineSplitter? _kept = keep is null ? null : new(keep);

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            // First what is kept: whoever reads the log live finds the result at least as far.
            _kept?.Write(bytes);
            if (filter is null)
            {
                _logged.Write(bytes);
                return;
            }

            filter.Write(bytes, _passed);
            HandOn();
        }

        internal void Complete()
        {
            filter?.Complete(_passed);
            HandOn();
            _logged.Complete();
            _kept?.Complete();
        }

        private void HandOn()
        {
            _logged.Write(_passed.WrittenSpan);
            _passed.ResetWrittenCount();
        }
    }
}
