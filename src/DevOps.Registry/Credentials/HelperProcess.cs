using System.ComponentModel;
using System.Diagnostics;

namespace DevOps.Registry;

/// <summary>Runs one credential helper to its end: found on the given path, never through a shell, with a limit of time and of output.</summary>
internal static class HelperProcess
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Returns the exit code and what was written to the standard output. The standard error is thrown away.</summary>
    /// <exception cref="CredentialHelperException">There is no such program, it took too long, or it wrote too much.</exception>
    internal static async Task<(int ExitCode, byte[] Output)> RunAsync(string program, string action, ReadOnlyMemory<byte> input, CredentialHelperOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ProcessStartInfo info = StartInfo(program, action, options);
        using CancellationTokenSource limit = new(options.TimeLimit, options.TimeProvider);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using Process process = Start(program, action, info);
        try
        {
            // On threads of their own, for a read of a pipe cannot be called back: one that a lost child holds open must not hold the caller.
            Task<byte[]?> output = Task.Run(() => ReadAsync(process.StandardOutput.BaseStream, options.MaxOutputBytes), CancellationToken.None);
            _ = Task.Run(() => DropAsync(process.StandardError.BaseStream), CancellationToken.None);
            _ = Task.Run(() => WriteAsync(process.StandardInput.BaseStream, input), CancellationToken.None);
            byte[] bytes = await output.WaitAsync(stop.Token).ConfigureAwait(false)
                ?? throw new CredentialHelperException(program, action, $"wrote more than {options.MaxOutputBytes} bytes", "It was ended. Check that it is a credential helper.");
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
            return (process.ExitCode, bytes);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CredentialHelperException(program, action, $"did not end within {options.TimeLimit.TotalSeconds:0.#} seconds", "It was killed. It may wait for an answer that nobody can give here: run it by hand.");
        }
        finally
        {
            Kill(process);
        }
    }

    private static ProcessStartInfo StartInfo(string program, string action, CredentialHelperOptions options)
    {
        string path = options.SearchPath.Split(Path.PathSeparator)
                .Where(Path.IsPathFullyQualified)
                .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
                .FirstOrDefault(IsProgram)
            ?? throw new CredentialHelperException(program, action, "cannot run: no directory of the search path holds it", "Install it, or remove it from the configuration.");
        ProcessStartInfo info = new(path, [action]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.Environment.Clear();
        foreach ((string name, string? value) in options.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);

    private static Process Start(string program, string action, ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new CredentialHelperException(program, action, $"cannot run: '{info.FileName}' does not start ({e.Message})", "Check that it is a program for this machine.", null, e);
        }
    }

    private static async Task<byte[]?> ReadAsync(Stream stream, int maxLengthBytes)
    {
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 12];
        int read;
        while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            if (bytes.Length + read > maxLengthBytes)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static async Task DropAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The helper is gone.
        }
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(input).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A helper need not read its input.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself, most often; what runs as another user cannot be ended from here.
        }
    }
}
