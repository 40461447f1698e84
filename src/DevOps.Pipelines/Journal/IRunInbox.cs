namespace DevOps.Pipelines;

/// <summary>The ability of an <see cref="IRunStore"/> to hand messages to a run, as approvals, from another process. Neither side needs the run's lease.</summary>
public interface IRunInbox
{
    /// <summary>Posts a message; when the task ends it is durable. A message whose id was posted before changes nothing, whatever its bytes are.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="messageId">Names the message in its run; the rules are those of a run id.</param>
    /// <param name="message">The bytes, at most 16 MiB.</param>
    /// <param name="cancellationToken">Stops before the message is there; or the message is there whole.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    Task PostAsync(string runId, string messageId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default);

    /// <summary>Streams the messages that are there when the reading starts, in the order in which they were posted. They stay: a reader keeps in mind which it has handled.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="JournalDamagedException">A message is not what was posted; those already yielded are right.</exception>
    IAsyncEnumerable<RunMessage> ReadMessagesAsync(string runId, CancellationToken cancellationToken = default);
}
