using System.Text;

namespace Cli;

/// <summary>Asks a person at a terminal. The question goes to the error output, so that a result can be kept in a file.</summary>
internal static class Prompt
{
    internal const int MaxLength = 64 << 10;

    internal static bool IsPossible => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    internal static async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken) =>
        await AskAsync($"{question} [y/N] ", cancellationToken) is "y" or "Y" or "yes";

    internal static async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(question);
        try
        {
            // A read from a terminal cannot be stopped: it is left to a thread that keeps no process alive.
            return (await Task.Run(Console.In.ReadLine, cancellationToken).WaitAsync(cancellationToken))?.Trim() ?? "";
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync();
            throw;
        }
    }

    /// <summary>Reads a secret without showing it.</summary>
    internal static async Task<string> AskSecretAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(question);
        try
        {
            return await Task.Run(ReadSecret, cancellationToken).WaitAsync(cancellationToken);
        }
        finally
        {
            await Console.Error.WriteLineAsync();
        }
    }

    private static string ReadSecret()
    {
        StringBuilder secret = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                secret.Length -= secret.Length > 0 ? 1 : 0;
            }
            else if (key.KeyChar != '\0' && secret.Length <= MaxLength)
            {
                secret.Append(key.KeyChar);
            }
        }

        return secret.ToString();
    }
}
