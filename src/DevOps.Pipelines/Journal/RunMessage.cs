namespace DevOps.Pipelines;

/// <summary>A message to a run.</summary>
/// <param name="Id">Names it in its run.</param>
/// <param name="Content">Exactly the bytes that were posted.</param>
public sealed record RunMessage(string Id, ReadOnlyMemory<byte> Content);
