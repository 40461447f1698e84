namespace DevOps.Pipelines.Tests;

public sealed class MemoryExclusionTests : ExclusionStoreContract
{
    private readonly MemoryRunStore _store = new();

    private protected override IExclusionStore Store => _store;
}
