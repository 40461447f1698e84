namespace DevOps.Pipelines;

/// <summary>Takes the bytes that a process writes, as they come.</summary>
public interface IProcessSink
{
    /// <summary>Takes the next bytes. A piece ends anywhere, in the middle of a line or of a character as well.</summary>
    /// <param name="source">The stream: <see cref="LogSource.Output"/> or <see cref="LogSource.Error"/>.</param>
    /// <param name="bytes">The bytes, which are good only during the call.</param>
    void Write(LogSource source, ReadOnlySpan<byte> bytes);
}
