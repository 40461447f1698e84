namespace DevOps.Registry.Tests.Contract;

public sealed class LayoutSourceContractTests() : StoreSourceContract(StoreKind.Layout);
