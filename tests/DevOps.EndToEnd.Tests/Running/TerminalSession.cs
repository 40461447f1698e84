using System.Diagnostics;
using System.Text;

namespace DevOps.EndToEnd.Tests;

/// <summary>A command in a terminal of its own, which <c>script</c> of util-linux makes; what is written here is typed there.</summary>
internal sealed class TerminalSession : IDisposable
{
    private const string Script = "/usr/bin/script";

    private readonly Process _process;
    private readonly StringBuilder _seen = new();

    private TerminalSession(Process process) => _process = process;

    internal string Seen => _seen.ToString();

    internal static TerminalSession Start(int columns, string environment, params string[] words)
    {
        Assert.SkipUnless(File.Exists(Script), "'script' of util-linux, which makes a terminal, is not at hand");
        string command = string.Join(' ', words.Prepend(Repository.Cli).Select(word => $"'{word}'"));
        return new(Run.Start(Directory.GetCurrentDirectory(), Script, "-qec", $"stty cols {columns}; export TERM=xterm {environment}; exec {command}", "/dev/null"));
    }

    internal void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Reads until a text was shown.</summary>
    internal async Task ReadUntilAsync(string text)
    {
        char[] buffer = new char[256];
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            int read = await _process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(read > 0, $"It ended before '{text}': {Seen}");
            _seen.Append(buffer, 0, read);
        }
    }

    /// <summary>Reads to the end, and returns the exit code.</summary>
    internal async Task<int> EndAsync()
    {
        _seen.Append(await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
