using System.Diagnostics.CodeAnalysis;

namespace DevOps.Pipelines;

/// <summary>Serves claims by their order.</summary>
internal sealed class OrderedClaims(IComparer<ClaimOrder> order) : IClaimQueue
{
    private readonly PriorityQueue<Claim, ClaimOrder> _claims = new(order);

    public bool IsEmpty
    {
        get
        {
            while (_claims.TryPeek(out Claim? claim, out _) && claim.IsDropped)
            {
                _claims.Dequeue();
            }

            return _claims.Count == 0;
        }
    }

    public void Add(Claim claim) => _claims.Enqueue(claim, claim.Order);

    public bool TryTake([NotNullWhen(true)] out Claim? claim)
    {
        while (_claims.TryDequeue(out claim, out _))
        {
            if (!claim.IsDropped)
            {
                return true;
            }
        }

        return false;
    }
}
