// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequests} from "../src/AccessRequests.sol";
import {CustodianCommittee} from "../src/CustodianCommittee.sol";
import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {RewardPool} from "../src/RewardPool.sol";
import {TestToken} from "../src/TestToken.sol";
import {TrainerRegistry} from "../src/TrainerRegistry.sol";
import {AccessRequest, Permit} from "../src/interfaces/IAccessRequests.sol";
import {Member} from "../src/interfaces/ICustodianCommittee.sol";
import {Contribution} from "../src/interfaces/IDatasetRegistry.sol";
import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Actor, Signing} from "./support/Signing.sol";

/// @notice The world that every test starts from: all contracts, pool 1 open at a price of 2, Trent approved and rich,
/// Carol, Cora and Cid custodians of epoch 1 with threshold 2.
abstract contract Base is Signing {
    uint256 internal constant PRICE = 2e18;
    uint256 internal constant RICH = 1_000_000e18;
    uint40 internal constant WINDOW = 7 days;
    uint32 internal constant FINE_TUNING = 1 << 1;
    uint32 internal constant COMMERCIAL = 1 << 16;
    bytes32 internal constant CONTENT = keccak256("a sealed file");
    /// The base point of X25519.
    bytes32 internal constant RECIPIENT = 0x0900000000000000000000000000000000000000000000000000000000000000;

    address internal council;
    address internal treasury;
    address internal guardian;
    /// Contributes.
    Actor internal alice;
    /// Trains.
    Actor internal trent;
    /// Attacks.
    Actor internal mallory;
    /// Custodians.
    Actor internal carol;
    Actor internal cora;
    Actor internal cid;

    TestToken internal token;
    DatasetRegistry internal registry;
    TrainerRegistry internal trainers;
    CustodianCommittee internal committee;
    AccessRequests internal requests;
    RewardPool internal rewards;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        council = _actor("council").account;
        treasury = _actor("treasury").account;
        guardian = _actor("guardian").account;
        (alice, trent, mallory) = (_actor("Alice"), _actor("Trent"), _actor("Mallory"));
        (carol, cora, cid) = (_actor("Carol"), _actor("Cora"), _actor("Cid"));

        token = new TestToken(council);
        registry = new DatasetRegistry(council);
        trainers = new TrainerRegistry(council);
        committee = new CustodianCommittee(council);
        address pool = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        requests = new AccessRequests(token, registry, trainers, pool, council, 500, 1000, WINDOW);
        rewards = new RewardPool(token, requests, committee, council, treasury, guardian, 0);

        vm.prank(council);
        registry.createPool(keccak256("terms"), 1e18, PRICE);
        vm.prank(council);
        trainers.approve(trent.account, uint40(block.timestamp + 365 days), keccak256("profile"));
        vm.prank(council);
        token.mint(trent.account, RICH);
        vm.prank(trent.account);
        token.approve(address(requests), type(uint256).max);
        _formCommittee();
    }

    // ------------------------------------------------------------------------------------------------- contributing

    function _contribution() internal view returns (Contribution memory) {
        return Contribution({
            owner: alice.account,
            content: CONTENT,
            metadata: keccak256("metadata"),
            pool: 1,
            purposes: FINE_TUNING | COMMERCIAL,
            expires: uint40(block.timestamp + 730 days),
            flags: 2,
            deadline: block.timestamp + 1 hours
        });
    }

    function _id() internal view returns (bytes32) {
        return keccak256(abi.encode(alice.account, CONTENT));
    }

    function _contribute(Contribution memory item, bytes memory signature) internal {
        Contribution[] memory items = new Contribution[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, signature);
        registry.contribute(items, signatures);
    }

    function _contribute(Contribution memory item) internal {
        _contribute(item, _sign(alice, _digest(registry, _hash(item))));
    }

    // --------------------------------------------------------------------------------------------------- requesting

    function _request(uint32 count) internal view returns (AccessRequest memory) {
        return AccessRequest({
            trainer: trent.account,
            pool: 1,
            purposes: FINE_TUNING,
            manifestRoot: keccak256("root"),
            manifestDocument: keccak256("manifest"),
            count: count,
            recipient: RECIPIENT,
            maxTotalPrice: PRICE * count,
            expires: uint40(block.timestamp + 1 days),
            salt: bytes32(uint256(1)),
            deadline: block.timestamp + 1 hours
        });
    }

    function _noPermit() internal pure returns (Permit memory none) {}

    function _open(AccessRequest memory message) internal returns (bytes32) {
        return requests.open(message, _sign(trent, _digest(requests, _hash(message))), _noPermit());
    }

    function _openRequest(uint32 count) internal returns (bytes32) {
        return _open(_request(count));
    }

    // ----------------------------------------------------------------------------------------------------- settling

    function _members() internal view returns (Member[] memory members) {
        members = new Member[](3);
        members[0] = Member(carol.account, "http://carol", "age1carol");
        members[1] = Member(cora.account, "http://cora", "age1cora");
        members[2] = Member(cid.account, "http://cid", "age1cid");
    }

    function _shares() internal pure returns (bytes32[] memory shares) {
        shares = new bytes32[](3);
        (shares[0], shares[1], shares[2]) = (bytes32("Y1"), bytes32("Y2"), bytes32("Y3"));
    }

    function _formCommittee() internal virtual {
        vm.prank(council);
        uint32 epoch = committee.propose(2, _members());
        address[3] memory accounts = [carol.account, cora.account, cid.account];
        for (uint256 i; i < 3; ++i) {
            vm.prank(accounts[i]);
            committee.confirm(epoch, "Y", _shares(), "transcript");
        }
    }

    /// @dev The next settlement: one spending, no finals.
    function _settlement(bytes32 request, uint256 amount, bytes32 root) internal view returns (Settlement memory next) {
        next.number = rewards.settlements() + 1;
        next.epoch = committee.currentEpoch();
        next.root = root;
        next.total = rewards.total() + amount;
        next.document = keccak256(abi.encode("document", next.number));
        next.previousDocument = rewards.document();
        next.spending = new Spending[](1);
        next.spending[0] = Spending(request, amount);
    }

    /// @dev Signed by two, in the order that the contract asks for.
    function _signBy(Actor memory one, Actor memory two, Settlement memory settlement)
        internal
        view
        returns (bytes[] memory signatures)
    {
        bytes32 digest = _digest(rewards, _hash(settlement));
        if (one.account > two.account) (one, two) = (two, one);
        signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (_sign(one, digest), _sign(two, digest));
    }

    function _settle(Settlement memory settlement) internal {
        rewards.settle(settlement, _signBy(carol, cid, settlement));
    }

    function _leaf(address account, uint256 earned) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, earned))));
    }

    function _node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
