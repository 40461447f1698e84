using System.Net.Sockets;

namespace DevOps.Pipelines;

/// <summary>Makes data of exceptions: what is kept holds no secret.</summary>
internal static class JobErrors
{
    internal static JobError From(Exception error, Failure kind, SecretMasker masker) => new(
        error.GetType().FullName ?? error.GetType().Name,
        masker.Mask(error.Message),
        masker.Mask(error.ToString()),
        kind,
        (error as ProcessFailedException)?.ExitCode);

    internal static Failure KindOf(Exception error) => error switch
    {
        ProcessFailedException => Failure.ExitCode,
        TimeoutException => Failure.Timeout,
        ProcessStartException or IOException or HttpRequestException or SocketException => Failure.System,
        _ => Failure.Exception,
    };
}
