namespace Cli;

/// <summary>Takes back at the end what the runtime does to a terminal when it first looks at it: it switches the keys to another mode, and leaves them so.</summary>
internal sealed class TerminalKeys : IDisposable
{
    // Cursor keys and keypad as a shell expects them.
    private const string Normal = "\u001b[?1l\u001b>";

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && !Console.IsInputRedirected && !Console.IsOutputRedirected && ProgressStyles.CanRedraw(Environment.GetEnvironmentVariable("TERM")))
        {
            Console.Out.Write(Normal);
        }
    }
}
