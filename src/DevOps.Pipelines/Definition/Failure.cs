namespace DevOps.Pipelines;

/// <summary>Kinds of failures of an attempt.</summary>
[Flags]
public enum Failure
{
    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>The job's code threw an exception that is none of the kinds below.</summary>
    Exception = 1,

    /// <summary>A process ended with a code that was not allowed.</summary>
    ExitCode = 2,

    /// <summary>The attempt took longer than its time.</summary>
    Timeout = 4,

    /// <summary>What the job stands on failed, not the job: a program could not be started, a file or a connection broke (<see cref="IOException"/>, <see cref="HttpRequestException"/>, <see cref="System.Net.Sockets.SocketException"/>).</summary>
    System = 8,

    /// <summary>Any failure.</summary>
    Any = Exception | ExitCode | Timeout | System,
}
