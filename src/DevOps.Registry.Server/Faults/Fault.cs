using System.Globalization;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Something that goes wrong in a registry, and with which requests. Immutable: each method returns a new fault.</summary>
/// <remarks>Nothing happens by chance: faults count requests, and no others decide. Given to <see cref="RegistryFaults.Add"/>.</remarks>
public sealed partial class Fault
{
    private readonly IFaultEffect _effect;

    private Fault(string name, IFaultEffect effect) => (Name, _effect) = (name, effect);

    /// <summary>Gets what goes wrong, in a word.</summary>
    public string Name { get; }

    internal IFaultEffect Effect => _effect;

    /// <summary>Gets whether requests only are counted, and other faults still happen to them.</summary>
    internal bool IsPassive => _effect is WatchEffect;

    internal int FirstRequest { get; private init; } = 1;

    internal int? Count { get; private init; }

    private RegistryRequestKind Kinds { get; init; } = RegistryRequestKind.Any;

    private string? Method { get; init; }

    private RepositoryName? Repository { get; init; }

    /// <summary>Returns the fault for requests of these kinds only.</summary>
    /// <param name="kinds">The kinds.</param>
    public Fault On(RegistryRequestKind kinds) => With(kinds, Method, Repository, FirstRequest, Count);

    /// <summary>Returns the fault for requests of one method only.</summary>
    /// <param name="method">The method, as <see cref="HttpMethod.Get"/>.</param>
    public Fault On(HttpMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return With(Kinds, method.Method, Repository, FirstRequest, Count);
    }

    /// <summary>Returns the fault for requests to one repository only.</summary>
    /// <param name="repository">The repository.</param>
    public Fault On(RepositoryName repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return With(Kinds, Method, repository, FirstRequest, Count);
    }

    /// <summary>Returns the fault from a certain request on, of those that fit.</summary>
    /// <param name="request">The number of the request; the first is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public Fault From(int request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request, 1);
        return With(Kinds, Method, Repository, request, Count);
    }

    /// <summary>Returns the fault for so many requests. Without this it never ends.</summary>
    /// <param name="count">How many requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public Fault Times(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return With(Kinds, Method, Repository, FirstRequest, count);
    }

    /// <summary>Returns the fault for one request.</summary>
    public Fault Once() => Times(1);

    /// <summary>Returns what goes wrong, and for what.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name} on {Method ?? "any method"}, {Kinds}, {Repository?.Value ?? "any repository"}, from request {FirstRequest}, {(Count is { } count ? $"{count} times" : "always")}");

    internal bool Fits(FaultRequest request) =>
        (Kinds & request.Kind) != 0 && (Method is null || Method == request.Method) && (Repository is null || Repository == request.Repository) && _effect.Fits(request);

    private Fault With(RegistryRequestKind kinds, string? method, RepositoryName? repository, int firstRequest, int? count) =>
        new(Name, _effect) { Kinds = kinds, Method = method, Repository = repository, FirstRequest = firstRequest, Count = count };
}
