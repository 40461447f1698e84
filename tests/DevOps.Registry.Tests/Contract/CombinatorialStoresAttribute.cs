using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace DevOps.Registry.Tests.Contract;

/// <summary>Gives a test every pair of stores, or every store.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialStoresAttribute : DataAttribute
{
    public bool One { get; init; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        StoreKind[] kinds = Enum.GetValues<StoreKind>();
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(One ? [.. kinds.Select(kind => new TheoryDataRow<StoreKind>(kind))] : [.. kinds.SelectMany(from => kinds.Select(to => new TheoryDataRow<StoreKind, StoreKind>(from, to)))]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
