using System.Buffers;
using System.Text;

namespace DevOps.Pipelines.Tests;

/// <summary>One stream through a filter. Texts are Latin-1 here, so that a character is a byte.</summary>
internal sealed class FilterRun(MaskingFilter filter)
{
    private readonly ArrayBufferWriter<byte> _output = new();

    internal FilterRun(params string[] patterns) : this(AutomatonOf(patterns))
    {
    }

    internal FilterRun(SecretAutomaton automaton) : this(new MaskingFilter(() => automaton))
    {
    }

    internal string Output => Encoding.Latin1.GetString(_output.WrittenSpan);

    internal int HeldBytes => filter.HeldBytes;

    internal static SecretAutomaton AutomatonOf(params IEnumerable<string> patterns) => SecretAutomaton.Create([.. patterns.Select(Encoding.Latin1.GetBytes)]);

    /// <summary>Returns what comes out of a filter for a text that comes in some pieces.</summary>
    internal static string All(SecretAutomaton automaton, params IEnumerable<string> pieces)
    {
        FilterRun run = new(automaton);
        foreach (string piece in pieces)
        {
            run.Write(piece);
        }

        return run.Complete();
    }

    internal void Write(string piece) => filter.Write(Encoding.Latin1.GetBytes(piece), _output);

    internal string Complete()
    {
        filter.Complete(_output);
        return Output;
    }
}
