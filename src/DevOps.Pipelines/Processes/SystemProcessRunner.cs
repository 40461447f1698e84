using System.ComponentModel;
using System.Diagnostics;

namespace DevOps.Pipelines;

/// <summary>Runs processes of the system that the own program runs on. Any number at once.</summary>
/// <remarks>
/// <para>A process that is ended before its time, by a cancellation, a timeout or an error of the sink, is ended with everything that it started: on Linux also what left its parent and its session, for each process carries
/// the variable <c>DEVOPS_PROCESS_COOKIE</c> with a value of its own, which it hands on to its children. What threw that variable away and left its parent, and what runs as another user, is not found. Elsewhere what has
/// a parent in the tree is ended. A program that ends by itself, well or not, may leave helpers behind, as a build server; their output is read until it is silent for a while, and they are not ended.</para>
/// <para>The two outputs are two pipes: lines come in the order in which they arrived, which for lines of different outputs can differ from the order in which they were written within a moment.</para>
/// <para>Memory: two buffers of 16 KiB for each process. Of the clock, timeouts and grace periods are taken; what waits for the system itself does not depend on it.</para>
/// </remarks>
/// <param name="timeProvider">The clock.</param>
public sealed class SystemProcessRunner(TimeProvider timeProvider) : IProcessRunner
{
    private readonly TimeProvider _timeProvider = timeProvider ?? throw new ArgumentNullException(nameof(timeProvider));

    /// <inheritdoc/>
    public async Task<ProcessExit> RunAsync(ProcessRequest request, IProcessSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        cancellationToken.ThrowIfCancellationRequested();
        string cookie = ProcessCookie.Create();
        ProcessStartInfo info = StartInfo(request, cookie);
        long start = _timeProvider.GetTimestamp();
        using Process process = Start(request, info);
        ProcessTree tree = new(process, cookie);
        using CancellationTokenSource timeout = request.Timeout is { } limit ? new(limit, _timeProvider) : new();
        using OutputPump pump = new(process, sink);
        pump.Start(request.StandardInput);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, pump.Failed);
        bool timedOut = false;
        bool hasEnded = false;
        try
        {
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
            hasEnded = true;
            await pump.DrainAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (hasEnded && !cancellationToken.IsCancellationRequested && !pump.Failed.IsCancellationRequested)
        {
            // The program itself ended in time; a helper that it left goes on writing, which nobody waits for.
            await pump.CloseAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            timedOut = !cancellationToken.IsCancellationRequested && !pump.Failed.IsCancellationRequested;
            await tree.EndAsync(request.GracePeriod, _timeProvider).ConfigureAwait(false);
            await pump.CloseAsync().ConfigureAwait(false);
            if (!timedOut && !pump.Failed.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        pump.ThrowIfFailed();
        return new(process.ExitCode, _timeProvider.GetElapsedTime(start)) { TimedOut = timedOut };
    }

    private static ProcessStartInfo StartInfo(ProcessRequest request, string cookie)
    {
        ProcessStartInfo info = new("", request.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (request.WorkingDirectory is { } directory)
        {
            info.WorkingDirectory = Directory.Exists(directory) ? directory : throw new DirectoryNotFoundException($"'{request.FileName}' cannot start in '{directory}': the directory does not exist.");
        }

        string? outer = info.Environment.TryGetValue(ProcessCookie.Variable, out string? inherited) ? inherited : null;
        foreach (string name in info.Environment.Keys.Where(name => !request.InheritedEnvironment.Includes(name)).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string? value) in request.Environment)
        {
            info.Environment[name] = value;
        }

        // Whatever else is not inherited, an outer run must find what an inner one starts.
        info.Environment[ProcessCookie.Variable] = ProcessCookie.Add(outer, cookie);
        info.FileName = ProgramPath.Find(request.FileName, info.WorkingDirectory, info.Environment);
        return info;
    }

    private static Process Start(ProcessRequest request, ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new ProcessStartException(request.FileName, e.Message, e);
        }
    }
}
