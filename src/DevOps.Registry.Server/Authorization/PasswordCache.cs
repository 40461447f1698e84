namespace DevOps.Registry.Server;

/// <summary>Remembers the newest verdicts over passwords, by keys that say nothing of them. Right and wrong ones are apart, so that a flood of wrong ones does not push right ones out.</summary>
internal sealed class PasswordCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Newest _accepted = new(capacity);
    private readonly Newest _rejected = new(capacity);

    internal bool? Find(string key)
    {
        lock (_lock)
        {
            return _accepted.Touch(key) ? true : _rejected.Touch(key) ? false : null;
        }
    }

    internal void Add(string key, bool isAccepted)
    {
        lock (_lock)
        {
            (isAccepted ? _accepted : _rejected).Add(key);
        }
    }

    private sealed class Newest(int capacity)
    {
        private readonly Dictionary<string, LinkedListNode<string>> _nodes = new(StringComparer.Ordinal);
        private readonly LinkedList<string> _order = new();

        internal bool Touch(string key)
        {
            if (!_nodes.TryGetValue(key, out LinkedListNode<string>? node))
            {
                return false;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return true;
        }

        internal void Add(string key)
        {
            if (capacity == 0 || Touch(key))
            {
                return;
            }

            _nodes.Add(key, _order.AddFirst(key));
            if (_nodes.Count > capacity)
            {
                _nodes.Remove(_order.Last!.Value);
                _order.RemoveLast();
            }
        }
    }
}
