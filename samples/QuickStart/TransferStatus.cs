using System.Collections.Concurrent;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Pipelines;

namespace QuickStart;

/// <summary>Adds up what moves and shows it as the job's status.</summary>
internal sealed class TransferStatus(JobContext job, string verb) : IProgress<ContentProgress>
{
    private readonly ConcurrentDictionary<Digest, long> _moved = new();

    public void Report(ContentProgress value)
    {
        _moved[value.Descriptor.Digest] = value.TransferredBytes;
        job.SetStatus($"{ShipPipeline.Bytes(_moved.Values.Sum())} {verb}");
    }
}
