using System.Buffers;

namespace DevOps.Pipelines;

/// <summary>Hides secrets in one stream of bytes, however it is cut. Holds back the longest end of what came that can begin a secret, and no byte more.</summary>
/// <remarks>Memory: no more bytes than the longest form of a secret has. A secret that is added in between is seen from the held bytes on.</remarks>
internal sealed class MaskingFilter(Func<SecretAutomaton> current) : IByteFilter
{
    private SecretAutomaton _automaton = current();
    private byte[] _held = [];
    private int _heldCount;
    private int _state;

    // Positions count from the first held byte.
    private MarkList _marks;

    // The first mark was written already: it reaches into what is held.
    private bool _isOpen;

    internal int HeldBytes => _heldCount;

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        SecretAutomaton automaton = current();
        if (!ReferenceEquals(_automaton, automaton))
        {
            _automaton = automaton;
            _state = 0;
            _automaton.Scan(_held.AsSpan(0, _heldCount), 0, ref _state, ref _marks);
        }

        _automaton.Scan(input, _heldCount, ref _state, ref _marks);
        int length = _heldCount + input.Length;
        int end = length - _automaton.DepthOf(_state);
        WriteUpTo(end, input, output);
        Hold(end, input);
    }

    public void Complete(IBufferWriter<byte> output)
    {
        WriteUpTo(_heldCount, [], output);
        Hold(_heldCount, []);
        _state = 0;
    }

    private void WriteUpTo(int end, ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int position = 0;
        int done = 0;
        foreach (Mark mark in _marks.Span)
        {
            // One that begins just where the held bytes begin stays one, whatever comes.
            if (mark.Start > end)
            {
                break;
            }

            if (!_isOpen)
            {
                Copy(position, (int)mark.Start, input, output);
                output.Write("***"u8);
            }

            position = (int)mark.End;
            _isOpen = mark.End > end;
            if (_isOpen)
            {
                break;
            }

            done++;
        }

        if (position < end)
        {
            Copy(position, end, input, output);
        }

        _marks.Shift(done, end);
    }

    /// <summary>Passes on the bytes from one position up to another: of those held, then of the input.</summary>
    private void Copy(int start, int end, ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (start < _heldCount)
        {
            output.Write(_held.AsSpan(start, Math.Min(end, _heldCount) - start));
        }

        if (end > _heldCount)
        {
            output.Write(input[(Math.Max(start, _heldCount) - _heldCount)..(end - _heldCount)]);
        }
    }

    private void Hold(int start, ReadOnlySpan<byte> input)
    {
        int kept = Math.Max(0, _heldCount - start);
        ReadOnlySpan<byte> added = input[Math.Max(0, start - _heldCount)..];
        int count = kept + added.Length;
        if (count > _held.Length)
        {
            byte[] larger = new byte[Math.Max(count, _held.Length * 2)];
            _held.AsSpan(_heldCount - kept, kept).CopyTo(larger);
            _held = larger;
        }
        else if (kept > 0 && kept < _heldCount)
        {
            _held.AsSpan(_heldCount - kept, kept).CopyTo(_held);
        }

        added.CopyTo(_held.AsSpan(kept));
        _heldCount = count;
    }
}
