using System.Collections.Immutable;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Makes the command that runs a script in a shell.</summary>
internal sealed record ShellCommand(string FileName, ImmutableArray<string> Arguments, ProcessOptions Process)
{
    // The kernel of Linux takes no longer argument (MAX_ARG_STRLEN, its ending zero included).
    private const int MaxScriptBytes = (128 << 10) - 1024;

    /// <exception cref="ArgumentException">The script cannot be an argument.</exception>
    internal static ShellCommand Of(string script, ShellOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(script);
        if (script.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(script) > MaxScriptBytes)
        {
            throw new ArgumentException($"A script is at most {MaxScriptBytes} bytes long and holds no zero character. Write a longer one to a file, and run that.", nameof(script));
        }

        // Written on Windows or not, a shell reads a carriage return as a part of the word before it.
        string text = options.Shell == ShellKind.PowerShell ? script : script.ReplaceLineEndings("\n");

        // What these name would run before the script, with none of its settings.
        ProcessOptions process = options.Process with
        {
            Environment = ImmutableDictionary<string, string?>.Empty.Add("BASH_ENV", null).Add("ENV", null).SetItems(options.Process.Environment),
        };
        return options.Shell switch
        {
            ShellKind.Bash => new("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", text, "bash", .. options.Arguments], process),
            ShellKind.Sh => new("sh", ["-e", "-c", $"(set -o pipefail) 2>/dev/null && set -o pipefail; {text}", "sh", .. options.Arguments], process),
            ShellKind.PowerShell => new(
                "pwsh",
                ["-NoProfile", "-NonInteractive", "-CommandWithArgs", $"$ErrorActionPreference = 'Stop'; {text}\nif (Test-Path -LiteralPath variable:\\LASTEXITCODE) {{ exit $LASTEXITCODE }}", .. options.Arguments],
                process),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Shell, "There is no such shell."),
        };
    }
}
