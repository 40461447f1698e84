using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Runs <c>git</c> in one directory, so that it answers or fails and never asks, whatever the environment says.</summary>
internal sealed class GitCommand(string directory, CancellationToken cancellationToken)
{
    // A list of two million files; git keeps far more in its own memory for them.
    private const int MaxAnswerBytes = 256 << 20;

    // What git sets for its hooks (git rev-parse --local-env-vars) would lead it to another repository or index.
    private static readonly string[] LocalVariables =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_IMPLICIT_WORK_TREE",
        "GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE",
    ];

    private static readonly ImmutableDictionary<string, string?> Environment = ImmutableDictionary<string, string?>.Empty
        .Add("GIT_TERMINAL_PROMPT", "0").Add("GIT_OPTIONAL_LOCKS", "0").Add("LC_ALL", "C")
        .AddRange(LocalVariables.Select(name => KeyValuePair.Create(name, (string?)null)));

    internal string Directory => directory;

    /// <summary>Returns what git answers, as text of lines.</summary>
    /// <exception cref="ProcessFailedException">Git refused.</exception>
    internal async Task<string> TextAsync(string[] arguments, string input = "")
    {
        ProcessOptions options = new() { WorkingDirectory = directory, Environment = Environment, StandardInput = input, MaxOutputLength = MaxAnswerBytes };
        return (await ProcessExecution.RunAsync("git", arguments, options, ProcessScope.Silent(TimeProvider.System), cancellationToken).ConfigureAwait(false)).Output;
    }

    /// <summary>Returns what git answers, as parts that each end with a zero byte: names may hold every other one.</summary>
    /// <exception cref="ProcessFailedException">Git refused.</exception>
    internal async Task<string[]> PartsAsync(params string[] arguments)
    {
        AnswerSink sink = new(MaxAnswerBytes);
        ProcessRequest request = new() { FileName = "git", Arguments = [.. arguments], WorkingDirectory = directory, Environment = Environment };
        ProcessExit exit = await new SystemProcessRunner(TimeProvider.System).RunAsync(request, sink, cancellationToken).ConfigureAwait(false);
        return exit.ExitCode == 0
            ? sink.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new ProcessFailedException(CommandText.Of("git", arguments, []), exit.ExitCode, sink.Error.TrimEnd());
    }

    private sealed class AnswerSink(int maxBytes) : IProcessSink
    {
        private readonly ArrayBufferWriter<byte> _output = new();
        private readonly ArrayBufferWriter<byte> _error = new();

        internal string Output => Encoding.UTF8.GetString(_output.WrittenSpan);

        internal string Error => Encoding.UTF8.GetString(_error.WrittenSpan);

        public void Write(LogSource source, ReadOnlySpan<byte> bytes)
        {
            ArrayBufferWriter<byte> answer = source == LogSource.Output ? _output : _error;
            if (answer.WrittenCount + bytes.Length > maxBytes)
            {
                throw new DevOpsException($"Git's answer is longer than {maxBytes >> 20} MiB. Ask for a part of the checkout, a directory below it.");
            }

            answer.Write(bytes);
        }
    }
}
